-- The population that speaks for each series: the best rank with figures, and those that it goes on with.
-- A full archive (rank 1) replaces a sample by itself; "pip only" stands before "all installers" as a part of its own,
-- because series.csv says so: what another program counted is never continued.
-- @grain source, series, grain, population
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column grain: length of the period
-- @column population: whom or what the figures speak of
-- @column label: name for a chart
-- @column is_binomial: value counts members of base
-- @column is_preferred: true for the best rank, false for a population that it goes on with
-- @column series_order: position in series.csv
with

held as (
    select
        source,
        series,
        population,
        grain,
        min(period_start) as first_period,
        max(period_start) as latest_period
    from intermediate.observations
    group by source, series, population, grain
),

series as (
    select * from intermediate.series_populations
),

ranked as (
    select
        held.*,
        series.label,
        series.is_binomial,
        series.continued_by,
        series.series_order,
        row_number() over (
            partition by held.source, held.series, held.grain order by series.rank, held.population
        ) as population_rank
    from held
    inner join series
        on series.source = held.source
        and series.series = held.series
        and series.population = held.population
)

select
    ranked.source,
    ranked.series,
    ranked.grain,
    ranked.population,
    ranked.label,
    ranked.is_binomial,
    ranked.population_rank = 1 as is_preferred,
    ranked.series_order
from ranked
inner join ranked as preferred
    on preferred.source = ranked.source
    and preferred.series = ranked.series
    and preferred.grain = ranked.grain
    and preferred.population_rank = 1
where ranked.population_rank = 1
    or (ranked.continued_by = preferred.population and ranked.latest_period < preferred.first_period)
