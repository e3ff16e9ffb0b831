-- For every pair and source: since when the leader of the newest figures has had more, or that it always was.
-- @grain source, framework_a, framework_b
-- @column framework: the leader of the newest period; null where chance may have made the difference
-- @column crossed_high: upper end of that interval
-- @column title: what all sources of the pair say together
with
speaking as (
    select
        leads.*, options.choice, options.source_position,
        min(leads.led_since) over line as drawn_from
    from marts.leads as leads
    inner join pages.options as options using (source, series, population, grain)
    where options.is_headline
    window line as (partition by source, population, framework_a, framework_b)
),

-- What the other populations say that speak for the source: those that the newest one goes on with, and months that
-- date what its quarters only tell. Of an index, which has no members, all series: words and topics measure one thing.
earlier as (
    select
        leads.*, leads.lead_number > 1 as is_changed,
        if(sources.headline_series = leads.series, leads.population, populations.label) as said_by
    from marts.leads as leads
    inner join marts.populations as populations using (source, series, population, grain)
    inner join marts.source_status as sources using (source)
    where leads.is_latest
        and populations.is_speaking
        and (sources.headline_series = leads.series or leads.grain = 'month' and (leads.source, leads.series) in (
            select (source, series) from marts.series where unit = 'index_0_100'
        ))
        and (leads.source, leads.population) not in (select (source, choice) from speaking)
    qualify row_number() over (
        partition by leads.source, leads.framework_a, leads.framework_b
        order by sources.headline_series = leads.series desc, leads.led_until desc, grain_order(leads.grain)
    ) = 1
),

ranges as (from marts.crossovers where is_lasting and crossed_low < crossed_high),

newest as (
    select
        speaking.*,
        if(latest.is_within_chance, null, speaking.leader) as framework,
        framework is not null and speaking.lead_number > 1 as is_changed,
        least(ranges.crossed_low, speaking.behind_until) as crossed_low,
        greatest(ranges.crossed_high, if(speaking.behind_until is null, null, speaking.led_since)) as crossed_high,
        if(speaking.grain = 'edition', 'year', 'month') as told_grain
    from speaking
    inner join marts.head_to_head_latest as latest using (source, series, population, grain, framework_a, framework_b)
    left join ranges
        on (ranges.source, ranges.series, ranges.population) = (speaking.source, speaking.series, speaking.population)
        and ranges.framework_a = speaking.framework_a
        and ranges.framework_b = speaking.framework_b
        and ranges.leader_after = speaking.leader
        and speaking.led_since between period_of(speaking.grain, ranges.crossed_low) and ranges.crossed_high
    where speaking.is_latest and speaking.population = speaking.choice
    qualify row_number() over (
        partition by speaking.source, speaking.framework_a, speaking.framework_b
        order by ranges.grain = speaking.grain desc, ranges.crossed_period desc
    ) = 1
),

counted as (
    select
        newest.*, earlier.said_by, earlier.leader as leader_before, earlier.grain as grain_before,
        earlier.led_since as since_before, earlier.is_changed as is_changed_there,
        count(*) filter (where newest.is_changed or earlier.is_changed) over pair as change_count,
        count(*) over pair as source_count
    from newest
    left join earlier using (source, framework_a, framework_b)
    window pair as (partition by framework_a, framework_b)
)

select
    counted.source, sources.label as source_label, counted.population, counted.framework_a, counted.framework_b,
    counted.framework, leaders.label,
    period_middle(counted.grain, counted.drawn_from) as first_date,
    if(is_changed, period_middle(counted.grain, counted.led_since), null) as crossed_date,
    if(is_changed, counted.crossed_low, null) as crossed_low,
    if(is_changed, counted.crossed_high, null) as crossed_high,
    period_middle(counted.grain, counted.led_until) as end_date,
    period_label(counted.grain, counted.led_until) as end_label,
    case
        when counted.framework is null then format('No lead in {}', the_label(end_label))
        when is_changed and behind_until = crossed_low
            then format('{} since some time between {} and {}, without figures of both in between', leaders.label,
                period_label(counted.grain, crossed_low), period_label(counted.grain, crossed_high))
        when is_changed then format('{} since {}', leaders.label, the_label(period_label(counted.grain, counted.led_since)))
            || if(counted.crossed_low is null, '', format('; could be {} to {}',
                period_label(told_grain, counted.crossed_low), period_label(told_grain, counted.crossed_high)))
            || if(sources.ended_note is null, '', format('; figures end in {}', the_label(end_label)))
        when counted.drawn_from = counted.led_until
            then format('{} in {}, the only figures of both', leaders.label, the_label(end_label))
        else format('{} from the first figure, {}, to {}', leaders.label,
            the_label(period_label(counted.grain, counted.drawn_from)), the_label(end_label))
    end || coalesce(
        format(' ({}: {} since {})', said_by, before.label, the_label(period_label(grain_before, since_before))),
        ''
    ) as words,
    case
        when counted.framework is null then format('no lead in {}', strftime(counted.led_until, '%Y'))
        when is_changed then if(behind_until = crossed_low, 'by ', '') || period_label(counted.grain, counted.led_since)
        when is_changed_there then 'earlier: ' || period_label(grain_before, since_before)
        when counted.drawn_from = counted.led_until then format('only {}', strftime(counted.led_until, '%Y'))
        else format('no change by {}', strftime(counted.led_until, '%Y'))
    end as short_words,
    case
        when change_count = 0
            then format('In no source did the lead between {} and {} change hands', a.label, b.label)
        when change_count = source_count
            then format('The lead between {} and {} changed hands in every source', a.label, b.label)
        else format('The lead between {} and {} changed hands in {} of {} sources', a.label, b.label, change_count, source_count)
    end as title
from counted
inner join marts.source_status as sources using (source)
inner join marts.frameworks as a on a.framework = counted.framework_a
inner join marts.frameworks as b on b.framework = counted.framework_b
left join marts.frameworks as leaders on leaders.framework = counted.framework
left join marts.frameworks as before on before.framework = counted.leader_before
order by a.framework_order, b.framework_order, counted.source_position
