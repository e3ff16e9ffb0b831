-- The one series that speaks for a source on the first page: what it counts is closest to plain use.
-- @grain source
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column grain: length of the period
-- @column kind: kind of evidence, which is the page that it stands on
-- @column audience: whose question it speaks to most: research, industry or learners
-- @column headline_order: position for lists
select
    source,
    series,
    grain,
    kind,
    audience,
    headline_order
from staging.reference__headline_series
