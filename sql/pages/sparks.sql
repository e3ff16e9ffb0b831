-- The small lines of the evidence: each side of a pair at each source, as the path of a picture of 100 by 100.
-- A line is cut as the full chart cuts it: where a period is missing, across a break, where another population goes on.
-- @grain source, framework_a, framework_b, framework
-- @column framework: the one of the two whose share is drawn
-- @column path: moves and lines as SVG writes them; a share of 100 percent lies at the top
-- @fail end_x between 0 and 100 and end_y between 0 and 100
with
breaks as (
    select events.*, sources.headline_series
    from marts.events as events
    inner join marts.source_status as sources using (source)
    where events.is_break and coalesce(events.series = sources.headline_series, true)
),

points as (
    select
        *,
        coalesce(lag(next_start) over line < period_start or lag(population) over line <> population, true) as is_apart,
        lag(period_start) over line as before_start,
        min(period_middle) over whole as first_middle,
        max(period_middle) over whole as last_middle
    from pages.pair_lines
    where is_drawn and pair_pct is not null
    window
        line as (partition by source, framework_a, framework_b, framework order by period_start, population),
        whole as (partition by source, framework_a, framework_b, framework)
),

placed as (
    select
        points.*,
        if(last_middle = first_middle, 50, 100.0 * (period_middle - first_middle) / (last_middle - first_middle)) as x,
        100 - pair_pct as y,
        is_apart or exists (
            select 1
            from breaks
            where breaks.source = points.source
                and coalesce(breaks.population = points.population, true)
                and breaks.event_date > points.before_start
                and breaks.event_date <= points.period_start
        ) as is_start
    from points
)

select
    source, framework_a, framework_b, framework,
    -- A line of no length is a dot: a period that stands alone is seen.
    string_agg(format('{}{:.1f} {:.1f}{}', if(is_start, 'M', 'L'), x, y, if(is_start, 'h0', '')), ''
        order by period_start, population) as path,
    max_by(x, period_start) as end_x,
    max_by(y, period_start) as end_y,
    min_by(period_label, period_start) as first_label,
    max_by(period_label, period_start) as last_label
from placed
group by source, framework_a, framework_b, framework
order by framework_a, framework_b, source, framework
