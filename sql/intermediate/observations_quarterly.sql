-- Quarters of the series that may be summed over months (series.csv lists the grain quarter).
-- @grain source, series, population, grain, period_start, framework, origin, source_file
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column grain: quarter
-- @column period_start: first day of the quarter
-- @column framework: framework, label or answer
-- @column value: sum over the months
-- @column base: sum over the months
-- @column unit: what `value` counts
-- @column quality: that of the months
-- @column origin: live, cached, imported or reference
-- @column retrieved_at: when the newest month was fetched or read, UTC
-- @column reference: key of staging.reference__references
-- @column source_file: landed file; empty for the embedded tables
with

months as (
    select * from intermediate.observations_landed where grain = 'month'
),

series as (
    select * from staging.reference__series where list_contains(string_split(grains, '|'), 'quarter')
)

select
    months.source,
    months.series,
    months.population,
    'quarter' as grain,
    date_trunc('quarter', months.period_start)::date as period_start,
    months.framework,
    sum(months.value) as value,
    sum(months.base)::bigint as base,
    months.unit,
    min(months.quality) as quality,
    months.origin,
    max(months.retrieved_at) as retrieved_at,
    min(months.reference) as reference,
    months.source_file
from months
inner join series
    on series.source = months.source
    and series.series = months.series
    and series.population = months.population
group by
    months.source,
    months.series,
    months.population,
    date_trunc('quarter', months.period_start),
    months.framework,
    months.unit,
    months.origin,
    months.source_file
