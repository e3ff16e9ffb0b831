-- Two frameworks against each other in the series that speaks for each source, one row a framework, ready to draw.
-- @grain source, population, period_start, framework_a, framework_b, framework
-- @column source: who publishes the figures
-- @column source_label: name for people
-- @column series: what is counted over which base; see marts.series
-- @column population: the preferred one, or one that ended before it began
-- @column period_start: first day of the period
-- @column period_label: name of the period
-- @column period_middle: day at which a chart draws it
-- @column framework_a: the one of the pair that stands first in frameworks.csv
-- @column framework_b: the other
-- @column framework: the one of the two that the row speaks of
-- @column label: its name
-- @column value: its figure
-- @column base: what it is a part of; null where there is none
-- @column share_pct: value as a share of base, 0 to 100
-- @column share_low_pct: lower end of the 95 percent Wilson interval; null unless members are counted
-- @column share_high_pct: upper end
-- @column pair_pct: value as a share of both, 0 to 100
-- @column pair_low_pct: lower end of the 95 percent Wilson interval
-- @column pair_high_pct: upper end
-- @column is_drawn: both frameworks were out, and the base is at least 20 where members are counted
-- @column segment: points of one line
-- @column is_alone: the only point of its line
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
