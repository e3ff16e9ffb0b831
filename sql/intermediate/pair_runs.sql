-- Stretches of periods in which the same framework of a pair leads, by centred windows where periods are thin.
-- @grain line, run
-- @columns line
-- @column run: 1 for the first stretch
-- @column is_a: the first framework leads
-- @column first_period: first period of the stretch
-- @column last_period: last period before the next stretch, or of the line
-- A lead of fewer than 3 months or 6 weeks in a row does not make a stretch of its own: it may be noise.
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
    select
        *,
        is_a is distinct from lag(is_a) over (partition by line order by period_start) as is_start
    from leaders
),

stretches as (
    select *, sum(is_start::integer) over (partition by line order by period_start) as stretch
    from changes
),

long_enough as (from stretches qualify count(*) over (partition by line, stretch) >= needed),

changes_kept as (
    select
        *,
        is_a is distinct from lag(is_a) over (partition by line order by period_start) as is_start_kept
    from long_enough
),

numbered as (
    select
        *,
        sum(is_start_kept::integer) over (partition by line order by period_start)::bigint as run
    from changes_kept
),

runs as (
    select line, run, bool_and(is_a) as is_a, min(period_start) as first_period
    from numbered
    group by line, run
),

ends as (select line, max(period_start) as line_end from intermediate.pair_smoothed group by line)

select
    runs.line, runs.run, runs.is_a, runs.first_period,
    coalesce(
        lead(runs.first_period) over (partition by runs.line order by runs.run) - 1,
        ends.line_end
    ) as last_period
from runs
inner join ends using (line)
