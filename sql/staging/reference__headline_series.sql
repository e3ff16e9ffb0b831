-- The one series that speaks for a source on the first page, and which kind of evidence it is.
-- A source without a row here has no headline and no chart: choose its series with care.
-- @grain source
-- @column source: who publishes the figures
-- @column series: what is counted over which base; what it counts is closest to plain use
-- @column grain: length of the period
-- @column kind: kind of evidence, which is the page that it stands on
-- @column audience: whose question it speaks to most: research, industry or learners
-- @column headline_order: position within the table
-- @fail kind in ('Research', 'Search', 'Surveys', 'Developer activity')
-- @fail audience in ('research', 'industry', 'learners')
-- @fail series is not null and grain_order(grain) is not null
select
    source,
    series,
    grain,
    kind,
    audience,
    _line as headline_order
from raw.reference_headline_series
