-- Every series and population: what it counts, over which base, and what we hold of it.
-- @grain source, series, population
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of; a name in <> is a pattern
-- @column label: name for a chart
-- @column counts_what: what one unit of value is
-- @column base_definition: what base holds
-- @column unit: what value counts
-- @column grains: lengths of period that occur, joined by |
-- @column is_binomial: true where value counts members of base, so that a Wilson interval makes sense
-- @column rank: 1 for the population to prefer within its source and series
-- @column series_order: position in series.csv
-- @column caveat: what to know before reading it
-- @column first_period: first period that we hold; null where we hold nothing
-- @column latest_period: last period that we hold
-- @column first_label: name of the first period, as "Jan 2018" or "2018 edition"
-- @column latest_label: name of the last one
-- @column row_count: rows of marts.framework_shares
with

series as (
    select * from staging.reference__series
),

held as (
    select
        source,
        series,
        population,
        min(period_start) as first_period,
        max(period_start) as latest_period,
        period_label(arg_min(grain, (period_start, grain_order(grain))), min(period_start)) as first_label,
        period_label(arg_max(grain, (period_start, -grain_order(grain))), max(period_start)) as latest_label,
        count(*) as row_count
    from intermediate.observations
    group by source, series, population
)

select
    series.source,
    series.series,
    series.population,
    series.label,
    series.counts_what,
    series.base_definition,
    series.unit,
    series.grains,
    series.is_binomial,
    series.rank,
    series.series_order,
    series.caveat,
    held.first_period,
    held.latest_period,
    held.first_label,
    held.latest_label,
    coalesce(held.row_count, 0) as row_count
from series
left join held
    on held.source = series.source
    and held.series = series.series
    and held.population = series.population
order by series.series_order
