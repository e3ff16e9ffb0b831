-- Every population with figures at each grain: its name, its rank, and whether it speaks for its series.
-- @grain source, series, population, grain
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column label: name for a chart
-- @column is_named: series.csv names the population itself, not by the pattern in <> for one of many
-- @column is_binomial: value counts members of base, so that a Wilson interval makes sense
-- @column has_pairs: two frameworks of the population may stand against each other
-- @column rank: 1 for the population to prefer within its source and series
-- @column series_order: position in series.csv
-- @column first_period: first period with figures
-- @column latest_period: last period with figures
-- @column is_preferred: the best rank with figures of this grain
-- @column is_speaking: the preferred one, or one that it goes on with
select
    source,
    series,
    population,
    grain,
    label,
    is_named,
    is_binomial,
    has_pairs,
    rank,
    series_order,
    first_period,
    latest_period,
    is_preferred,
    is_speaking
from intermediate.series_populations
order by series_order, population, grain
