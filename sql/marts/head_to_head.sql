-- Two frameworks against each other: the share of the first in both together, for every compared pair and source.
-- @grain source, series, population, grain, period_start, framework_a, framework_b
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column period_start: first day of the period
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column a_value: figure of the first
-- @column b_value: figure of the second
-- @column a_share_of_pair_pct: a_value as a share of both, 0 to 100; null where both are 0
-- @column low_pct: lower end of the 95 percent Wilson interval; null unless the values are counts of members
-- @column high_pct: upper end of that interval
-- @column origin: live, cached, imported or reference
-- @column quality: full, sample, digitised, decoded, published or fitted_base
-- @fail framework_a <> framework_b
-- @fail a_share_of_pair_pct is null or a_share_of_pair_pct between 0 and 100
-- @fail low_pct is null or low_pct <= high_pct
with

observations as (
    select * from intermediate.observations
),

series as (
    select * from intermediate.series_populations where has_pairs
),

frameworks as (
    select * from staging.reference__frameworks where is_compared
),

pairs as (
    select
        first.framework as framework_a,
        second.framework as framework_b
    from frameworks as first
    inner join frameworks as second on first.framework_order < second.framework_order
)

select
    a.source,
    a.series,
    a.population,
    a.grain,
    a.period_start,
    pairs.framework_a,
    pairs.framework_b,
    a.value as a_value,
    b.value as b_value,
    -- Beside a zero, a value with decimals may come out a hair above 100.
    if(a.value + b.value > 0, least(100, 100 * a.value / (a.value + b.value)), null) as a_share_of_pair_pct,
    if(series.is_binomial, wilson_low_pct(a.value, a.value + b.value), null) as low_pct,
    if(series.is_binomial, wilson_high_pct(a.value, a.value + b.value), null) as high_pct,
    a.origin,
    a.quality
from pairs
inner join observations as a on a.framework = pairs.framework_a
inner join observations as b
    on b.framework = pairs.framework_b
    and b.source = a.source
    and b.series = a.series
    and b.population = a.population
    and b.grain = a.grain
    and b.period_start = a.period_start
inner join series
    on series.source = a.source
    and series.series = a.series
    and series.population = a.population
