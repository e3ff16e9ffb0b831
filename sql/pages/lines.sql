-- The full charts: every framework over time in each choice that the reader has.
-- @grain source, series, population, period_start, framework
-- @column pair_pct: value as a share of the first pair together; null for others, and where the pair may not be drawn
with
first_pair as (select framework_a, framework_b from pages.pairs where is_first),

pair_shares as (
    select
        readings.source, readings.series, readings.population, readings.grain, readings.period_start,
        unnest([
            {'framework': framework_a, 'pct': a_share_of_pair_pct, 'low': low_pct, 'high': high_pct},
            {'framework': framework_b, 'pct': 100 - a_share_of_pair_pct, 'low': 100 - high_pct, 'high': 100 - low_pct}
        ]) as side
    from marts.head_to_head as readings
    semi join first_pair using (framework_a, framework_b)
    where readings.is_pair_drawn
)

select
    shares.source, shares.series, options.choice, shares.population, shares.grain, shares.period_start,
    period_label(shares.grain, shares.period_start) as period_label,
    period_middle(shares.grain, shares.period_start) as period_middle,
    next_start(shares.grain, shares.period_start) as next_start,
    shares.framework, frameworks.label, shares.value, shares.unit, unit_words(shares.unit) as unit_words, shares.base,
    shares.share_pct, shares.share_low_pct, shares.share_high_pct,
    pairs.side.pct as pair_pct,
    pairs.side.low as pair_low_pct,
    pairs.side.high as pair_high_pct,
    shares.is_drawn, shares.origin, shares.quality
from marts.framework_shares as shares
inner join pages.options as options using (source, series, population, grain)
inner join marts.frameworks as frameworks on frameworks.framework = shares.framework and frameworks.is_framework
left join pair_shares as pairs
    on pairs.source = shares.source and pairs.series = shares.series and pairs.population = shares.population
    and pairs.grain = shares.grain and pairs.period_start = shares.period_start
    and pairs.side.framework = shares.framework
order by
    shares.source, shares.series, options.choice, shares.period_start, shares.population, frameworks.framework_order
