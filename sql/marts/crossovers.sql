-- Every change of leader between two frameworks, with the interval of its date; a pair that never changes has no row.
-- @grain source, series, population, grain, framework_a, framework_b, crossed_period
-- @columns source, series, population, grain, framework_a, framework_b, leader_before, leader_after
-- @column crossed_period: the plain date: first period of its unbroken lead, or after which no window falls back where thin
-- @column sustained_from: from then on it led in every single period until the next change; null if not in the last
-- @column crossed_low: last period surely behind, the lower end of the 95 percent interval; null where none is sure
-- @columns crossed_high, is_proven
-- @column is_stock: all that gathered up to the day is counted, so that nothing is uncertain
-- @column before_period: last period before crossed_period with figures; a crossing of editions lies between the two
-- @columns behind_until, is_lasting, first_period, last_period, method
-- @fail leader_before <> leader_after
-- @fail crossed_period > first_period and crossed_period <= last_period
-- @fail coalesce(crossed_low, crossed_period) <= crossed_period and coalesce(crossed_high, crossed_period) >= crossed_period
-- @fail before_period < crossed_period
with
-- A lead that lasts has no end yet, and the walk goes over what is drawn, which may end before the line does. Said here,
-- since a join on a condition of both its sides would look at all pairs of rows.
ends as (
    select *, true as is_lasting, null::date as lead_end from marts.leads where is_latest
    union all by name
    select *, false as is_lasting, led_until as lead_end from marts.leads
),

-- One walk dates every lead. Where single periods are thin, windows date it, since no lead of theirs lasts.
dated as (
    select
        crossings.*, lines.* exclude (line),
        leads.led_since, leads.behind_until,
        if(crossings.is_lasting and not lines.is_thin and leads.led_since > lines.first_period, leads.led_since,
            crossings.crossed_period) as plain_period
    from intermediate.pair_crossings as crossings
    inner join intermediate.pair_lines as lines using (line)
    left join ends as leads
        on leads.source = lines.source
        and leads.series = lines.series
        and leads.population = lines.population
        and leads.grain = lines.grain
        and leads.framework_a = lines.framework_a
        and leads.framework_b = lines.framework_b
        and leads.leader = if(crossings.is_a, lines.framework_a, lines.framework_b)
        and leads.is_lasting = crossings.is_lasting
        and leads.lead_end is not distinct from if(crossings.is_lasting, null, crossings.segment_end)
)

select
    crossings.source, crossings.series, crossings.population, crossings.grain, crossings.framework_a,
    crossings.framework_b,
    if(crossings.is_a, crossings.framework_b, crossings.framework_a) as leader_before,
    if(crossings.is_a, crossings.framework_a, crossings.framework_b) as leader_after,
    crossings.plain_period as crossed_period, crossings.led_since as sustained_from,
    if(intervals.crossed_low <= crossings.plain_period, intervals.crossed_low, null) as crossed_low,
    if(intervals.crossed_high is null, null, greatest(intervals.crossed_high, crossings.plain_period)) as crossed_high,
    crossed_low is not null and crossed_high is not null as is_proven,
    populations.is_stock, before.period_start as before_period, crossings.behind_until, crossings.is_lasting,
    crossings.first_period, crossings.last_period,
    if(crossings.is_thin, 'centred windows of 7 months or 13 weeks', 'single periods') || '; interval: ' || case
        when populations.is_stock then 'none, since all are counted'
        when crossings.error_model = 'reading'
            then 'from the last period behind by more than the reading error to the first ahead by more than it'
        when periods_per_year(crossings.grain) > 2
            then 'from the last period in which the curve under the line is surely behind to the first surely ahead'
        when crossings.error_model = 'counts' then 'from the last edition surely behind to the first surely ahead'
        else 'none, since nothing tells the error of a figure'
    end as method
from dated as crossings
inner join intermediate.series_populations as populations using (source, series, population, grain)
left join staging.analysis__crossing_intervals as intervals using (line, run)
asof left join intermediate.pair_smoothed as before
    on before.line = crossings.line and before.period_start < crossings.plain_period
