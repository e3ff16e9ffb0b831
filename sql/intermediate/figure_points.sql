-- Every figure that may be drawn, with the share of the first pair beside it.
-- @grain source, series, population, grain, period_start, framework
-- @columns source, series, population, grain, choice, period_start, framework, value, base, unit
-- @column pair_value: both of the first pair together; null for other frameworks, and where their bases differ
-- @columns is_binomial
-- @column is_out: the framework had its first release by the end of the year
-- @columns is_pair_out, origin, quality
with

options as (
    select *, row_number() over () as option_number from intermediate.figure_options
),

-- From here on a number stands for source, series, population and grain: it is matched faster than four texts.
shares as (
    select
        shares.*,
        options.choice,
        options.option_number,
        options.is_binomial,
        options.has_pairs,
        period_of(shares.grain, coalesce(frameworks.first_release, '1990-01-01')) as first_day
    from intermediate.observations as shares
    inner join options
        on options.source = shares.source
        and options.series = shares.series
        and options.population = shares.population
        and options.grain = shares.grain
    inner join staging.reference__frameworks as frameworks
        on frameworks.framework = shares.framework and frameworks.is_framework
),

pairs as (
    select
        shares.option_number,
        shares.period_start,
        sum(shares.value) as pair_value,
        shares.period_start >= max(shares.first_day) as is_pair_out,
        -- A row for each of the two: "a or b" as the condition of a join would compare every row with every other.
        unnest(list(shares.framework)) as framework
    from shares
    inner join intermediate.headline_pair as pair on shares.framework in (pair.framework_a, pair.framework_b)
    where shares.has_pairs
    group by shares.option_number, shares.period_start, shares.base
    having count(*) = 2
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
    on pairs.option_number = shares.option_number
    and pairs.period_start = shares.period_start
    and pairs.framework = shares.framework
