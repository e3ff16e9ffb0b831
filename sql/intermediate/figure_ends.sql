-- What each choice of a full chart shows at its end, and from which origins and qualities it is made.
-- @grain source, series, choice
-- @columns source, series, choice, grain, first_label, last_label, first_middle, last_middle
-- @column listed: every framework with its figure in the last period
-- @column base: what the figures of the last period are parts of; null where there is none
-- @column framework_count: frameworks that are drawn
-- @columns has_share, has_pair, origins, qualities
with

points as (
    select
        points.*,
        points.is_out and is_enough(points.base, points.is_binomial) as is_drawn,
        100 * points.value / nullif(points.base, 0) as share_pct,
        period_label(points.grain, points.period_start) as period_label,
        period_middle(points.grain, points.period_start) as period_middle,
        frameworks.label,
        frameworks.framework_order
    from intermediate.figure_points as points
    inner join staging.reference__frameworks as frameworks on frameworks.framework = points.framework
    where is_drawn
),

ends as (
    select
        source,
        series,
        choice,
        max(period_start) as last_period
    from points
    group by source, series, choice
)

select
    source,
    series,
    choice,
    min(grain) as grain,
    min_by(period_label, period_start) as first_label,
    max_by(period_label, period_start) as last_label,
    min(period_middle) as first_middle,
    max(period_middle) as last_middle,
    string_agg(
        format('{} {}', label, case
            when base is not null then percent_words(share_pct)
            when unit = 'percent' then percent_words(value)
            else number_words(value)
        end),
        ', ' order by value desc, framework_order
    ) filter (where period_start = last_period) as listed,
    max(base) filter (where period_start = last_period) as base,
    count(distinct framework) as framework_count,
    bool_or(base is not null) as has_share,
    bool_or(pair_value > 0 and is_pair_out) as has_pair,
    string_agg(distinct origin, '|' order by origin) as origins,
    string_agg(distinct quality, '|' order by quality) as qualities
from points
inner join ends using (source, series, choice)
group by source, series, choice
