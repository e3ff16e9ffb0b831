-- What speaks beside a reading of a pair: how single periods scatter, and how sure the curve under the line is.
-- Months speak for the quarters that they add up to, the last one of each.
-- @grain source, series, population, grain, framework_a, framework_b, period_start
-- @columns source, series, population, grain, framework_a, framework_b, period_start, sd_pct
-- @column ahead_pct: probability in percent that the curve has framework_a ahead; null without a curve
with
points as (
    select
        lines.* exclude (line, error_model, is_thin, first_period, last_period), points.period_start,
        points.sd_pct, curves.ahead_pct
    from intermediate.pair_lines as lines
    inner join intermediate.pair_smoothed as points using (line)
    left join staging.analysis__curves as curves on curves.line = points.line and curves.period_start = points.period_start
)

select * from points
union all by name
select
    source, series, population, 'quarter' as grain, framework_a, framework_b,
    period_of('quarter', period_start) as period_start,
    arg_max_null(sd_pct, points.period_start) as sd_pct,
    arg_max_null(ahead_pct, points.period_start) as ahead_pct
from points
where grain = 'month'
group by source, series, population, framework_a, framework_b, period_of('quarter', period_start)
