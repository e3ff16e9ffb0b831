-- Figures of every compared pair at each source's own cadence, from the period in which both frameworks were out.
-- @grain source, series, population, grain, framework_a, framework_b, period_start
-- @column grain: length of the period; quarters whose months stand here are left out
-- @column error_model: counts of members, index of searches, reading of complete counts off a picture, else scatter
-- @column reading_error: points by which an index may be misread; null for others
-- @fail a_value + b_value > 0
with
observations as (
    select observations.*, series.is_binomial, series.is_named, series.reading_error
    from intermediate.observations as observations
    inner join intermediate.series_populations as series using (source, series, population, grain)
    where series.has_pairs and observations.grain <> 'window'
    -- Quarters are sums of the months that stand here, but for those that were read as quarters.
    qualify observations.grain <> 'quarter' or not bool_or(observations.grain = 'month') over (
        partition by observations.source, observations.series, observations.population
    )
),

frameworks as (from staging.reference__frameworks where is_compared),

pairs as (
    select
        first.framework as framework_a, second.framework as framework_b,
        -- A paper's code can be younger than the paper: labels from before both were out say nothing about a choice.
        greatest(first.first_release, second.first_release) as both_out,
        exists (
            select 1 from intermediate.headline_pair as headline
            where headline.framework_a = first.framework and headline.framework_b = second.framework
        ) as is_headline
    from frameworks as first
    inner join frameworks as second on first.framework_order < second.framework_order
),

joined as (
    select
        a.source, a.series, a.population, a.grain, pairs.framework_a, pairs.framework_b, a.period_start,
        a.value as a_value, b.value as b_value, a.unit, a.is_binomial, a.reading_error
    from pairs
    -- Every pair in each of sixty countries would be a million figures that nobody draws: of one of many populations,
    -- the first pair only. marts.head_to_head has all of them.
    inner join observations as a
        on a.framework = pairs.framework_a
        and a.period_start >= coalesce(period_of(a.grain, pairs.both_out), a.period_start)
        and (a.is_named or pairs.is_headline)
    inner join observations as b
        on b.framework = pairs.framework_b
        and b.source = a.source
        and b.series = a.series
        and b.population = a.population
        and b.grain = a.grain
        and b.period_start = a.period_start
    where a.value + b.value > 0
)

select
    dense_rank() over (order by source, series, population, grain, framework_a, framework_b) as line,
    source, series, population, grain, framework_a, framework_b, period_start, a_value, b_value,
    case
        when is_binomial then 'counts'
        when unit = 'index_0_100' then 'index'
        -- Complete counts read off a picture: nothing is uncertain but the reading.
        when unit = 'percent' and reading_error is not null then 'reading'
        else 'scatter'
    end as error_model,
    if(unit in ('index_0_100', 'percent'), reading_error, null) as reading_error
from joined
