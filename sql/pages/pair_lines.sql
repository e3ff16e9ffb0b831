-- Two frameworks against each other in the series that speaks for each source, one row a framework, ready to draw.
-- @grain source, population, period_start, framework_a, framework_b, framework
-- @columns source, source_label, series
-- @column population: the preferred one, or one that ended before it began
-- @columns period_start, period_label, period_middle, framework_a, framework_b
-- @column framework: the one of the two that the row speaks of
-- @columns label, value, base, share_pct, share_low_pct, share_high_pct
-- @column pair_pct: value as a share of both, 0 to 100
-- @columns pair_low_pct, pair_high_pct
-- @column is_drawn: both frameworks were out, and the base is at least 20 where members are counted
-- @columns segment, is_alone
with

lines as (
    select * from marts.head_to_head_preferred
),

sides as (
    select
        *,
        framework_a as framework,
        a_value as value,
        a_share_of_pair_pct as pair_pct,
        low_pct as pair_low_pct,
        high_pct as pair_high_pct
    from lines
    union all by name
    select
        *,
        framework_b as framework,
        b_value as value,
        100 - a_share_of_pair_pct as pair_pct,
        100 - high_pct as pair_low_pct,
        100 - low_pct as pair_high_pct
    from lines
)

select
    sides.source,
    sides.source_label,
    sides.series,
    sides.population,
    sides.period_start,
    sides.period_label,
    sides.period_middle,
    sides.framework_a,
    sides.framework_b,
    sides.framework,
    frameworks.label,
    sides.value,
    shares.base,
    shares.share_pct,
    shares.share_low_pct,
    shares.share_high_pct,
    sides.pair_pct,
    sides.pair_low_pct,
    sides.pair_high_pct,
    sides.is_drawn,
    sides.segment,
    sides.is_alone
from sides
inner join marts.source_status as sources on sources.source = sides.source
inner join marts.frameworks as frameworks on frameworks.framework = sides.framework
inner join marts.framework_shares as shares
    on shares.source = sides.source
    and shares.series = sides.series
    and shares.population = sides.population
    and shares.grain = sides.grain
    and shares.period_start = sides.period_start
    and shares.framework = sides.framework
order by
    sides.framework_a,
    sides.framework_b,
    sources.headline_order,
    sides.period_start,
    sides.population,
    frameworks.framework_order
