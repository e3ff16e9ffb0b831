-- Two frameworks against each other in the series that speaks for each source, cut into lines that may be drawn.
-- @grain source, population, period_start, framework_a, framework_b
-- @columns source, source_label, series
-- @column population: the preferred one, or one that ended before it began
-- @columns grain, period_start, period_label, period_middle, framework_a, framework_b, a_value, b_value
-- @columns a_share_of_pair_pct, low_pct, high_pct
-- @column is_drawn: both frameworks were out, and the base is at least 20 where members are counted
-- @columns segment, is_alone, origin, quality
-- @fail not is_drawn or a_share_of_pair_pct is not null
with

chosen as (
    select
        populations.*,
        sources.label as source_label
    from intermediate.series_populations as populations
    inner join intermediate.headline_series as series
        on series.source = populations.source
        and series.series = populations.series
        and series.grain = populations.grain
    inner join marts.source_status as sources on sources.source = populations.source
    where populations.is_speaking
),

breaks as (
    select * from staging.reference__events where is_break
),

points as (
    select
        head_to_head.*,
        chosen.source_label,
        period_label(head_to_head.grain, head_to_head.period_start) as period_label,
        period_middle(head_to_head.grain, head_to_head.period_start) as period_middle,
        next_start(head_to_head.grain, head_to_head.period_start) as next_start_limit,
        head_to_head.is_pair_drawn as is_drawn
    from marts.head_to_head as head_to_head
    inner join chosen
        on chosen.source = head_to_head.source
        and chosen.series = head_to_head.series
        and chosen.population = head_to_head.population
        and chosen.grain = head_to_head.grain
    where head_to_head.a_share_of_pair_pct is not null
),

breaks_before as (
    select
        points.source,
        points.population,
        points.period_start,
        count(*) as break_count
    from (select distinct source, series, population, period_start from points) as points
    inner join breaks
        on breaks.source = points.source
        and coalesce(breaks.series, points.series) = points.series
        and coalesce(breaks.population, points.population) = points.population
        and breaks.event_date <= points.period_start
    group by points.source, points.population, points.period_start
),

counted as (
    select
        points.*,
        coalesce(breaks_before.break_count, 0) as break_count
    from points
    left join breaks_before
        on breaks_before.source = points.source
        and breaks_before.population = points.population
        and breaks_before.period_start = points.period_start
),

neighbours as (
    select
        *,
        lag(next_start_limit) over line is null
            or period_start > lag(next_start_limit) over line
            or break_count > lag(break_count) over line
            as is_first
    from counted
    window line as (
        partition by source, population, framework_a, framework_b, is_drawn order by period_start
    )
),

cut as (
    select
        *,
        population || ' ' || (count_if(is_first) over line)::bigint as segment,
        is_first and lead(is_first, 1, true) over line as is_alone
    from neighbours
    window line as (
        partition by source, population, framework_a, framework_b, is_drawn order by period_start
    )
)

select
    source,
    source_label,
    series,
    population,
    grain,
    period_start,
    period_label,
    period_middle,
    framework_a,
    framework_b,
    a_value,
    b_value,
    a_share_of_pair_pct,
    low_pct,
    high_pct,
    is_drawn,
    segment,
    is_alone,
    origin,
    quality
from cut
