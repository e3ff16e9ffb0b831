-- Every series and population: what it counts, over which base, and what we hold of it.
-- @grain source, series, population
-- @columns source, series
-- @column population: whom or what the figures speak of; a name in <> is a pattern
-- @columns label, counts_what, base_definition, unit, grains, is_binomial, rank, series_order, caveat
-- @column first_period: first period that we hold; null where we hold nothing
-- @columns latest_period, first_label, latest_label, row_count
with
series as (from staging.reference__series),

held as (
    select
        source, series, population,
        min(period_start) as first_period,
        max(period_start) as latest_period,
        period_label(arg_min(grain, (period_start, grain_order(grain))), min(period_start)) as first_label,
        period_label(arg_max(grain, (period_start, -grain_order(grain))), max(period_start)) as latest_label,
        count(*) as row_count
    from intermediate.observations
    group by source, series, population
)

select
    series.source, series.series, series.population, series.label, series.counts_what, series.base_definition,
    series.unit, series.grains, series.is_binomial, series.rank, series.series_order, series.caveat,
    held.first_period, held.latest_period, held.first_label, held.latest_label,
    coalesce(held.row_count, 0) as row_count
from series
left join held using (source, series, population)
order by series.series_order
