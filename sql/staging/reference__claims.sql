-- Statements of articles that figures can decide, each in a closed set of words (see CONTRIBUTING).
-- @grain claim_id
-- @column claim_id: our id
-- @column article: file name of the article, or key of staging.reference__references
-- @column statement: what it says, in our words
-- @column source: whose figures decide it; events for a date of staging.reference__events
-- @column series: what is counted; for events the id of the event
-- @column population: a name, several joined by |, or pooled; null for the best ranked one with data
-- @column measure: what is computed
-- @column framework: the framework it speaks of
-- @column framework_b: the one it is compared with; null where there is none
-- @column grain: length of the period
-- @column period_from: first period; the only one where period_to is null
-- @column period_to: second period, or the end of the search for a lead
-- @column window_words: quarter, year, trailing N months or centred N months; null for the period alone
-- @column comparator: eq, gt, lt, up, down, before or after
-- @column published_value: the value stated, a number or a date
-- @column tolerance: how far a measured value may lie off, in months for dates
-- @column unit: what the value counts
-- @column evidence: direct, or indirect for a proxy
-- @column reading: what refutes it
-- @column claim_order: position in the table
-- @fail comparator in ('eq', 'gt', 'lt', 'up', 'down', 'before', 'after')
-- @fail evidence in ('direct', 'indirect') and tolerance >= 0
-- @fail window_words is null or regexp_full_match(window_words, 'quarter|year|(trailing|centred) [1-9][0-9]* months')
select
    id as claim_id,
    article,
    claim as statement,
    source,
    series,
    population,
    measure,
    framework,
    framework_b,
    grain,
    period_from,
    period_to,
    "window" as window_words,
    comparator,
    published_value,
    tolerance,
    unit,
    evidence,
    reading,
    _line as claim_order
from raw.reference_claims
