-- The several dates that one change of leader can be given, each with its definition; sentences use the plain one.
-- @grain source, series, population, grain, framework_a, framework_b, definition
-- @columns source, series, population, grain, framework_a, framework_b, leader_after, definition, is_plain
-- @columns dated_period
-- @fail dated_period is not null
with
lasting as (
    select lines.line, crossovers.*
    from marts.crossovers as crossovers
    inner join intermediate.pair_lines as lines using (source, series, population, grain, framework_a, framework_b)
    where crossovers.is_lasting
),

walked as (
    select
        lasting.line,
        max(curves.period_start) filter (
            where if(lasting.leader_after = lasting.framework_a, 1, -1) * (curves.ahead_pct - 50) <= 0
        ) as last_behind
    from lasting
    inner join staging.analysis__curves as curves using (line)
    group by lasting.line
),

curves_cross as (
    select walked.line, min(curves.period_start) as dated_period
    from walked
    inner join staging.analysis__curves as curves on curves.line = walked.line and curves.period_start > walked.last_behind
    group by walked.line
),

dates as (
    select line, 'plain: ahead in every period since, or in every window where periods are thin' as definition,
        true as is_plain, crossed_period as dated_period
    from lasting
    union all
    select lasting.line, 'leads of under three months in between passed over', false, crossings.crossed_period
    from lasting
    inner join intermediate.pair_crossings as crossings on crossings.line = lasting.line and crossings.is_lasting
    union all
    select line, 'ahead in every single period since', false, sustained_from from lasting where sustained_from is not null
    union all
    select line, 'the curve under the figures passes a half', false, dated_period from curves_cross
    union all
    select line, 'last period surely behind: lower end of the 95 percent interval', false, crossed_low
    from lasting
    where crossed_low is not null
    union all
    select line, 'first period surely ahead: upper end of the 95 percent interval', false, crossed_high
    from lasting
    where crossed_high is not null
)

select
    lasting.source, lasting.series, lasting.population, lasting.grain, lasting.framework_a, lasting.framework_b,
    lasting.leader_after, dates.definition, dates.is_plain, dates.dated_period
from dates
inner join lasting using (line)
order by all
