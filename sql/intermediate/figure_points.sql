-- Every figure that may be drawn, with the share of the first pair beside it.
-- @grain source, series, population, grain, period_start, framework
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column choice: population that gives the reader's choice its name
-- @column period_start: first day of the period
-- @column framework: framework
-- @column value: the figure
-- @column base: what it is a part of
-- @column unit: what value counts
-- @column pair_value: both of the first pair together; null for other frameworks, and where their bases differ
-- @column is_binomial: value counts members of base
-- @column is_out: the framework had its first release by the end of the year
-- @column is_pair_out: so had both of the first pair
-- @column origin: live, cached, imported or reference
-- @column quality: full, sample, digitised, decoded, published or fitted_base
with

shares as (
    select
        shares.*,
        options.choice,
        options.is_binomial,
        date_trunc('year', coalesce(frameworks.first_release, '1990-01-01')) as first_day
    from intermediate.observations as shares
    inner join intermediate.figure_options as options
        on options.source = shares.source
        and options.series = shares.series
        and options.population = shares.population
        and options.grain = shares.grain
    inner join staging.reference__frameworks as frameworks
        on frameworks.framework = shares.framework and frameworks.is_framework
),

pairs as (
    select
        a.source,
        a.series,
        a.population,
        a.grain,
        a.period_start,
        pair.framework_a,
        pair.framework_b,
        a.value + b.value as pair_value,
        a.period_start >= greatest(a.first_day, b.first_day) as is_pair_out
    from intermediate.headline_pair as pair
    inner join shares as a on a.framework = pair.framework_a
    inner join shares as b
        on b.framework = pair.framework_b
        and b.source = a.source
        and b.series = a.series
        and b.population = a.population
        and b.grain = a.grain
        and b.period_start = a.period_start
        and b.base is not distinct from a.base
)

select
    shares.source,
    shares.series,
    shares.population,
    shares.grain,
    shares.choice,
    shares.period_start,
    shares.framework,
    shares.value,
    shares.base,
    shares.unit,
    pairs.pair_value,
    shares.is_binomial,
    shares.period_start >= shares.first_day as is_out,
    coalesce(pairs.is_pair_out, false) as is_pair_out,
    shares.origin,
    shares.quality
from shares
left join pairs
    on pairs.source = shares.source
    and pairs.series = shares.series
    and pairs.population = shares.population
    and pairs.grain = shares.grain
    and pairs.period_start = shares.period_start
    and shares.framework in (pairs.framework_a, pairs.framework_b)
