-- Each population with figures, with what series.csv says of it: by its own name, else by the pattern in <>.
-- @grain source, series, population
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column label: name for a chart
-- @column is_named: it has a row of its own in series.csv; false for one of many countries
-- @column is_binomial: value counts members of base
-- @column has_pairs: two frameworks of the population may stand against each other
-- @column rank: 1 for the population to prefer within its source and series
-- @column continued_by: population that goes on where this one ends; null where none does
-- @column reading_error: points by which a figure may be misread or rounded; null where it is counted
-- @column series_order: position in series.csv
-- @fail is_binomial is not null
with

populations as (
    select distinct
        source,
        series,
        population
    from intermediate.observations
),

series as (
    select * from staging.reference__series
),

named as (
    select
        populations.*,
        series.label,
        series.is_binomial,
        series.has_pairs,
        series.rank,
        series.continued_by,
        series.reading_error,
        series.series_order
    from populations
    inner join series
        on series.source = populations.source
        and series.series = populations.series
        and series.population = populations.population
),

patterns as (
    select
        populations.*,
        replace(series.label, series.population, populations.population) as label,
        series.is_binomial,
        series.has_pairs,
        series.rank,
        series.continued_by,
        series.reading_error,
        series.series_order
    from populations
    inner join series
        on series.source = populations.source
        and series.series = populations.series
        and starts_with(series.population, '<')
    anti join named
        on named.source = populations.source
        and named.series = populations.series
        and named.population = populations.population
)

select
    populations.source,
    populations.series,
    populations.population,
    coalesce(named.label, patterns.label) as label,
    named.label is not null as is_named,
    coalesce(named.is_binomial, patterns.is_binomial) as is_binomial,
    coalesce(named.has_pairs, patterns.has_pairs) as has_pairs,
    coalesce(named.rank, patterns.rank) as rank,
    named.continued_by,
    coalesce(named.reading_error, patterns.reading_error) as reading_error,
    coalesce(named.series_order, patterns.series_order) as series_order
from populations
left join named
    on named.source = populations.source
    and named.series = populations.series
    and named.population = populations.population
left join patterns
    on patterns.source = populations.source
    and patterns.series = populations.series
    and patterns.population = populations.population
