-- Two frameworks against each other: the share of the first in both together, for every compared pair and source.
-- @grain source, series, population, grain, period_start, framework_a, framework_b
-- @columns source, series, population, grain, period_start, framework_a, framework_b, a_value, b_value, pair_value
-- @columns unit, a_share_of_pair_pct, low_pct, high_pct, leader, is_within_chance, is_pair_drawn, origin
-- @column quality: the worse one of both
-- @fail framework_a <> framework_b
-- @fail a_share_of_pair_pct is null or a_share_of_pair_pct between 0 and 100
-- @fail low_pct is null or low_pct <= high_pct
-- @fail not is_pair_drawn or a_share_of_pair_pct is not null
with
shares as (from marts.framework_shares),
frameworks as (from staging.reference__frameworks where is_compared),

pairs as (
    select first.framework as framework_a, second.framework as framework_b
    from frameworks as first
    inner join frameworks as second on first.framework_order < second.framework_order
),

-- Where people could name both, a binomial interval takes one for two.
answered as (
    select
        source, series, population, period_start, framework_a, framework_b,
        1.96 * overlap_error_pct(only_a_count, both_count, only_b_count) as half_pct,
        abs(mcnemar_z(only_a_count, only_b_count)) <= 1.96 as is_within_chance
    from staging.reference__survey_overlaps
    where only_a_count + both_count + only_b_count > 0
)

select
    a.source, a.series, a.population, a.grain, a.period_start, pairs.framework_a, pairs.framework_b,
    a.value as a_value, b.value as b_value,
    a.value + b.value as pair_value,
    a.unit,
    -- Beside a zero, a value with decimals may come out a hair above 100.
    if(a.value + b.value > 0, least(100, 100 * a.value / (a.value + b.value)), null) as a_share_of_pair_pct,
    coalesce(a_share_of_pair_pct - answered.half_pct,
        if(series.is_binomial, wilson_low_pct(a.value, a.value + b.value, effect := series.design_effect), null)) as low_pct,
    coalesce(a_share_of_pair_pct + answered.half_pct,
        if(series.is_binomial, wilson_high_pct(a.value, a.value + b.value, effect := series.design_effect), null)) as high_pct,
    case when a.value > b.value then a.framework when b.value > a.value then b.framework end as leader,
    coalesce(answered.is_within_chance, 50 between low_pct and high_pct, a.value = b.value) as is_within_chance,
    a.value + b.value > 0 and a.is_out and b.is_out and a.base is not distinct from b.base
        and is_enough(a.value + b.value, series.is_binomial) as is_pair_drawn,
    a.origin,
    worse_quality(a.quality, b.quality) as quality
from pairs
inner join shares as a on a.framework = pairs.framework_a
inner join shares as b on b.framework = pairs.framework_b and b.source = a.source and b.series = a.series
    and b.population = a.population and b.grain = a.grain and b.period_start = a.period_start
inner join intermediate.series_populations as series on series.source = a.source and series.series = a.series
    and series.population = a.population and series.grain = a.grain and series.has_pairs
left join answered on answered.source = a.source and answered.series = a.series and answered.population = a.population
    and answered.period_start = a.period_start and answered.framework_a = a.framework and answered.framework_b = b.framework
order by a.source, a.series, a.population, a.grain, a.period_start, pairs.framework_a, pairs.framework_b
