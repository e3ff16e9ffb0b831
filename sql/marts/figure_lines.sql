-- The full charts: every framework over time in each choice that the reader has, cut into lines that may be drawn.
-- @grain source, series, population, period_start, framework
-- @columns source, series, choice, population, grain, period_start, period_label, period_middle, framework, label
-- @columns value, base, share_pct, share_low_pct, share_high_pct, pair_pct, pair_low_pct, pair_high_pct
-- @column is_drawn: the framework was out, and the base is at least 20 where members are counted
-- @columns segment, is_alone, origin, quality
with

points as (
    select
        points.*,
        points.is_out and is_enough(points.base, points.is_binomial) as is_drawn,
        points.is_pair_out and points.pair_value > 0 and is_enough(points.pair_value, points.is_binomial) as is_pair_drawn,
        period_label(points.grain, points.period_start) as period_label,
        period_middle(points.grain, points.period_start) as period_middle,
        next_start(points.grain, points.period_start) as next_start_limit,
        frameworks.label,
        frameworks.framework_order,
        (
            select count(*)
            from staging.reference__events as breaks
            where breaks.is_break
                and breaks.source = points.source
                and coalesce(breaks.series, points.series) = points.series
                and coalesce(breaks.population, points.population) = points.population
                and breaks.event_date <= points.period_start
        ) as break_count
    from intermediate.figure_points as points
    inner join staging.reference__frameworks as frameworks on frameworks.framework = points.framework
),

neighbours as (
    select
        *,
        lag(next_start_limit) over line is null
            or period_start > lag(next_start_limit) over line
            or break_count > lag(break_count) over line
            as is_first
    from points
    window line as (
        partition by source, series, population, framework, is_drawn order by period_start
    )
),

cut as (
    select
        *,
        population || ' ' || (count_if(is_first) over line)::bigint as segment,
        is_first and lead(is_first, 1, true) over line as is_alone
    from neighbours
    window line as (
        partition by source, series, population, framework, is_drawn order by period_start
    )
)

select
    source,
    series,
    choice,
    population,
    grain,
    period_start,
    period_label,
    period_middle,
    framework,
    label,
    value,
    base,
    100 * value / nullif(base, 0) as share_pct,
    if(is_binomial, wilson_low_pct(value, base), null) as share_low_pct,
    if(is_binomial, wilson_high_pct(value, base), null) as share_high_pct,
    if(is_pair_drawn, 100 * value / nullif(pair_value, 0), null) as pair_pct,
    if(is_pair_drawn and is_binomial, wilson_low_pct(value, pair_value), null) as pair_low_pct,
    if(is_pair_drawn and is_binomial, wilson_high_pct(value, pair_value), null) as pair_high_pct,
    is_drawn,
    segment,
    is_alone,
    origin,
    quality
from cut
order by source, series, choice, period_start, population, framework_order
