-- Two frameworks against each other in the series that speaks for each source, one row per framework, ready to draw.
-- @grain source, population, period_start, framework_a, framework_b, framework
-- @column population: the preferred one, or one that it goes on with
-- @column framework: the one of the two that the row speaks of
-- @column pair_pct: value as a share of both, 0 to 100
-- @column is_drawn: both are out, over one base, with at least 30 together where members are counted
with
sides as (
    select
        readings.*,
        unnest([
            {'framework': framework_a, 'pct': a_share_of_pair_pct, 'low': low_pct, 'high': high_pct},
            {'framework': framework_b, 'pct': 100 - a_share_of_pair_pct, 'low': 100 - high_pct, 'high': 100 - low_pct}
        ]) as side
    from marts.head_to_head as readings
    inner join pages.options as options using (source, series, population, grain)
    where options.is_headline and readings.a_share_of_pair_pct is not null
)

select
    sides.source, sources.label as source_label, sides.population, sides.period_start,
    period_label(sides.grain, sides.period_start) as period_label,
    period_middle(sides.grain, sides.period_start) as period_middle,
    next_start(sides.grain, sides.period_start) as next_start,
    sides.framework_a, sides.framework_b, shares.framework, frameworks.label, shares.value,
    unit_words(shares.unit) as unit_words, shares.base, shares.share_pct, shares.share_low_pct, shares.share_high_pct,
    sides.side.pct as pair_pct,
    sides.side.low as pair_low_pct,
    sides.side.high as pair_high_pct,
    sides.is_pair_drawn as is_drawn
from sides
inner join marts.source_status as sources using (source)
inner join marts.framework_shares as shares
    on shares.source = sides.source and shares.series = sides.series and shares.population = sides.population
    and shares.grain = sides.grain and shares.period_start = sides.period_start
    and shares.framework = sides.side.framework
inner join marts.frameworks as frameworks on frameworks.framework = shares.framework
order by
    sides.framework_a, sides.framework_b, sources.headline_order, sides.period_start, sides.population,
    frameworks.framework_order
