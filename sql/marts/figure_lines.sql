-- The full charts: every framework over time in each choice that the reader has, cut into lines that may be drawn.
-- @grain source, series, population, period_start, framework
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column choice: population that gives the reader's choice its name
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column period_start: first day of the period
-- @column period_label: name of the period
-- @column period_middle: day at which a chart draws it
-- @column framework: framework
-- @column label: its name
-- @column value: the figure
-- @column base: what it is a part of; null where there is none
-- @column share_pct: value as a share of base, 0 to 100
-- @column share_low_pct: lower end of the 95 percent Wilson interval; null unless members are counted
-- @column share_high_pct: upper end
-- @column pair_pct: value as a share of the first pair together; null for other frameworks
-- @column pair_low_pct: lower end of the 95 percent Wilson interval
-- @column pair_high_pct: upper end
-- @column is_drawn: the framework was out, and the base is at least 20 where members are counted
-- @column segment: points of one line; a missing period, a break or another population starts a new one
-- @column is_alone: the only point of its line
-- @column origin: live, cached, imported or reference
-- @column quality: full, sample, digitised, decoded, published or fitted_base
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
