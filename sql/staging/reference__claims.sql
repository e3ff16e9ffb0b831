-- Statements of articles that figures can decide, each in a closed set of words (see CONTRIBUTING).
-- @grain claim_id
-- @column source: whose figures decide it; events for a date of staging.reference__events
-- @column series: what is counted; for events the id of the event
-- @column population: a name, several joined by |, or pooled; null for the best ranked one with data
-- @column framework: the framework it speaks of
-- @column framework_b: the one it is compared with; null where there is none
-- @column window_words: quarter, year, trailing N months or centred N months; null for the period alone
-- @column comparator: eq, gt, lt, up, down, before or after
-- @fail comparator in ('eq', 'gt', 'lt', 'up', 'down', 'before', 'after')
-- @fail evidence in ('direct', 'indirect') and tolerance >= 0
-- @fail window_words is null or regexp_full_match(window_words, 'quarter|year|(trailing|centred) [1-9][0-9]* months')
select
    id as claim_id, article, claim as statement, source, series, population, measure, framework, framework_b, grain,
    period_from, period_to,
    "window" as window_words,
    comparator, published_value, tolerance, unit, evidence, reading, _line as claim_order
from raw.reference_claims
