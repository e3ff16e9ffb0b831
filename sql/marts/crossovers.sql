-- Every change of leader between two frameworks, with the interval of its date; a pair that never changes has no row.
-- @grain source, series, population, grain, framework_a, framework_b, crossed_period
-- @columns source, series, population, grain, framework_a, framework_b, leader_before, leader_after
-- @column crossed_period: first period of its lead, or after which no window falls back; 2 months make no lead
-- @column sustained_from: from then on it led in every single period until the next change; null if not in the last
-- @columns crossed_low, crossed_high, is_lasting, first_period, last_period, method
-- @fail leader_before <> leader_after
-- @fail crossed_period > first_period and crossed_period <= last_period
-- @fail crossed_low is null or crossed_high is null or crossed_low <= crossed_high
select
    lines.source,
    lines.series,
    lines.population,
    lines.grain,
    lines.framework_a,
    lines.framework_b,
    if(crossings.is_a, lines.framework_b, lines.framework_a) as leader_before,
    if(crossings.is_a, lines.framework_a, lines.framework_b) as leader_after,
    crossings.crossed_period,
    leads.led_since as sustained_from,
    least(intervals.crossed_low, if(intervals.crossed_low is null, null, crossings.crossed_period))
        as crossed_low,
    greatest(intervals.crossed_high, if(intervals.crossed_high is null, null, crossings.crossed_period))
        as crossed_high,
    crossings.is_lasting,
    lines.first_period,
    lines.last_period,
    if(lines.is_thin, 'centred windows of 7 months or 13 weeks', 'single periods')
    || '; interval: 500 parametric bootstraps of the best split, with '
    || case lines.error_model
        when 'counts' then 'the error of counting, widened where periods scatter more'
        when 'index' then 'an error of 1 point of the index (2 for topics), or the scatter of single periods if greater'
        else 'the scatter of single periods'
    end as method
from intermediate.pair_crossings as crossings
inner join intermediate.pair_lines as lines on lines.line = crossings.line
left join marts.leads as leads
    on leads.source = lines.source
    and leads.series = lines.series
    and leads.population = lines.population
    and leads.grain = lines.grain
    and leads.framework_a = lines.framework_a
    and leads.framework_b = lines.framework_b
    and leads.leader = if(crossings.is_a, lines.framework_a, lines.framework_b)
    and leads.led_until = crossings.segment_end
left join staging.analysis__crossing_intervals as intervals
    on intervals.line = crossings.line and intervals.run = crossings.run
