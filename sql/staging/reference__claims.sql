-- Statements of articles that figures can decide, each in a closed set of words (see CONTRIBUTING).
-- @grain claim_id
-- @column source: whose figures decide it; events for a date of staging.reference__events
-- @column series: what is counted; for events the id of the event
-- @column population: a name, several joined by |, or pooled; null for the best ranked one with data
-- @column framework: the framework it speaks of
-- @column framework_b: the one it is compared with; null where there is none
-- @column window_words: quarter, year, trailing N months or centred N months; null for the period alone
-- @column comparator: eq, gt, ge, lt, up, down, before or after
-- @fail comparator in ('eq', 'gt', 'ge', 'lt', 'up', 'down', 'before', 'after')
-- @fail evidence in ('direct', 'indirect') and tolerance >= 0
-- @fail window_words is null or regexp_full_match(window_words, 'quarter|year|(trailing|centred) [1-9][0-9]* months')
select
    if(is_recount, id || ' recount', id) as claim_id, id as of_claim, is_recount, article, claim as statement,
    source, series, population, measure, framework, framework_b, grain, period_from, period_to, "window" as window_words,
    comparator, published_value, tolerance, unit, evidence, reading, _line as claim_order
from (
    select *, false as is_recount from raw.reference_claims
    union all
    select * replace (recount as series), true from raw.reference_claims where recount is not null
)
