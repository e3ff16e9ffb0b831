-- Changes of leader within a pair: where one stretch of leading ends and the next begins.
-- @grain line, run
with
leaders as (
    select smoothed.line, smoothed.period_start, smoothed.dating_pct > 50 as is_a, keyed.needed
    from intermediate.pair_smoothed as smoothed
    inner join (
        select distinct
            line,
            case grain when 'month' then 3 when 'week' then 6 when 'day' then 42 else 1 end as needed
        from intermediate.pair_values
    ) as keyed on keyed.line = smoothed.line
    where abs(smoothed.dating_pct - 50) > 1e-9
),

changes as (
    select *, is_a is distinct from lag(is_a) over (partition by line order by period_start) as is_start
    from leaders
),

stretches as (
    select *, sum(is_start::integer) over (partition by line order by period_start) as stretch
    from changes
),

long_enough as (from stretches qualify count(*) over (partition by line, stretch) >= needed),

changes_kept as (
    select *, is_a is distinct from lag(is_a) over (partition by line order by period_start) as is_start_kept
    from long_enough
),

numbered as (
    select *, sum(is_start_kept::integer) over (partition by line order by period_start)::bigint as run
    from changes_kept
),

led as (
    select line, run, bool_and(is_a) as is_a, min(period_start) as first_period
    from numbered
    group by line, run
),

ends as (select line, max(period_start) as line_end from intermediate.pair_smoothed group by line),

-- Stretches of periods in which the same framework of a pair leads, by centred windows where periods are thin.
-- A lead of fewer than 3 months or 6 weeks in a row does not make a stretch of its own: it may be noise.
runs as (
    select
        led.*, coalesce(lead(led.first_period) over line_of_runs - 1, ends.line_end) as last_period,
        lag(led.first_period) over line_of_runs as segment_start,
        lead(led.run) over line_of_runs is null as is_lasting
    from led
    inner join ends using (line)
    window line_of_runs as (partition by line order by run)
),

points as (
    select
        runs.line, runs.run, smoothed.period_start,
        if(runs.is_a, 1, -1) * (smoothed.share_pct - 50) > 0 as is_ahead,
        if(runs.is_a, 1, -1) * (smoothed.dating_pct - 50) > 0 as is_window_ahead,
        smoothed.dating_pct is distinct from smoothed.share_pct as is_dated_by_window
    from runs
    inner join intermediate.pair_smoothed as smoothed
        on smoothed.line = runs.line
        and smoothed.period_start between runs.segment_start and runs.last_period
    where runs.run > 1
),

walked as (
    select
        *, bool_and(is_ahead) over rest as is_ahead_from_here,
        bool_and(is_window_ahead) over rest as is_window_ahead_from_here
    from points
    window rest as (partition by line, run order by period_start rows between current row and unbounded following)
),

sustained as (
    select
        line, run, bool_or(is_dated_by_window) as is_dated_by_window,
        min(period_start) filter (where is_window_ahead_from_here) as window_sustained_from,
        min(period_start) filter (where is_ahead_from_here) as sustained_from
    from walked
    group by line, run
),

dated as (
    select
        runs.*,
        if(sustained.is_dated_by_window, coalesce(sustained.window_sustained_from, runs.first_period), runs.first_period)
            as crossed_period,
        sustained.sustained_from
    from runs
    inner join sustained using (line, run)
)

select
    dated.line, dated.run, dated.is_a, dated.is_lasting, dated.segment_start, dated.last_period as segment_end,
    dated.crossed_period, dated.sustained_from
from dated
