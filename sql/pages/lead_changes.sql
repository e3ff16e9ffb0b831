-- For every pair and source: since when the leader of the newest figures has had more, or that it always was.
-- @grain source, framework_a, framework_b
-- @column framework: the leader of the newest period; null where chance may have made the difference and no passing is proven
-- @column crossed_high: upper end of that interval
-- @column title: what all sources of the pair say together
with
-- A change is one that is proven, as in sentences: one surely behind before, surely ahead after. A stock is counted whole.
proven as (
    select *, coalesce(crossed_low, crossed_period) as from_day, coalesce(crossed_high, crossed_period) as to_day
    from marts.crossovers
    where is_lasting and (is_proven or is_stock)
),

ends as (
    select
        leads.*, proven.crossed_period is not null as is_changed,
        min(leads.led_since) over line as drawn_from,
        least(proven.crossed_low, leads.behind_until) as low,
        greatest(proven.crossed_high, if(leads.behind_until is null, null, leads.led_since)) as high
    from marts.leads as leads
    left join proven
        on (proven.source, proven.series, proven.population) = (leads.source, leads.series, leads.population)
        and (proven.framework_a, proven.framework_b) = (leads.framework_a, leads.framework_b)
        and proven.leader_after = leads.leader and leads.lead_number > 1
        and leads.led_since between period_of(leads.grain, proven.from_day) and proven.to_day
    window line as (
        partition by leads.source, leads.series, leads.population, leads.grain, leads.framework_a, leads.framework_b
    )
    qualify leads.is_latest and row_number() over (
        line order by leads.is_latest desc, proven.grain = leads.grain desc, proven.crossed_period desc
    ) = 1
),

speaking as (
    select ends.*, options.choice, options.source_position
    from ends
    inner join pages.options as options using (source, series, population, grain)
    where options.is_headline
),

-- What the other populations say that speak for the source: those that the newest one goes on with, and months that
-- date what its quarters only tell. Of an index, which has no members, all series: words and topics measure one thing.
earlier as (
    select ends.*, if(sources.headline_series = ends.series, ends.population, populations.label) as said_by
    from ends
    inner join marts.populations as populations using (source, series, population, grain)
    inner join marts.source_status as sources using (source)
    where populations.is_speaking
        and (sources.headline_series = ends.series or ends.grain = 'month' and (ends.source, ends.series) in (
            select (source, series) from marts.series where unit = 'index_0_100'
        ))
        and (ends.source, ends.population) not in (select (source, choice) from speaking)
    qualify row_number() over (
        partition by ends.source, ends.framework_a, ends.framework_b
        order by sources.headline_series = ends.series desc, ends.led_until desc, grain_order(ends.grain)
    ) = 1
),

counted as (
    select
        speaking.*, latest.is_within_chance, earlier.said_by, earlier.leader as leader_before, earlier.grain as grain_before,
        earlier.led_since as since_before, earlier.lead_number > 1 and not earlier.is_changed as is_open_there,
        if(latest.is_within_chance and not speaking.is_changed, null, speaking.leader) as framework,
        -- Figures that begin after the change have it from those that they go on with.
        coalesce(not speaking.is_changed and earlier.is_changed and earlier.leader = framework, false) as is_there,
        case when speaking.is_changed then speaking.grain when is_there then earlier.grain end as grain_told,
        case when speaking.is_changed then speaking.led_since when is_there then earlier.led_since end as since,
        case when speaking.is_changed then speaking.low when is_there then earlier.low end as crossed_low,
        case when speaking.is_changed then speaking.high when is_there then earlier.high end as crossed_high,
        case grain_told when 'edition' then 'year' else 'month' end as told_grain,
        count(since) over (partition by framework_a, framework_b) as change_count,
        count(*) over (partition by framework_a, framework_b) as source_count,
        format('; could be {} to {}', period_label(told_grain, crossed_low), period_label(told_grain, crossed_high)) as range_words
    from speaking
    inner join marts.head_to_head_latest as latest using (source, series, population, grain, framework_a, framework_b)
    left join earlier using (source, framework_a, framework_b)
    where speaking.population = speaking.choice
)

select
    counted.source, sources.label as source_label, counted.population, counted.framework_a, counted.framework_b,
    counted.framework, leaders.label,
    period_middle(grain, drawn_from) as first_date, period_label(grain, drawn_from) as first_label,
    period_middle(grain_told, since) as crossed_date, period_label(grain_told, since) as crossed_label,
    crossed_low, period_label(told_grain, crossed_low) as low_label,
    crossed_high, period_label(told_grain, crossed_high) as high_label,
    period_middle(grain, led_until) as end_date, period_label(grain, led_until) as end_label,
    case
        when counted.framework is null then format('No lead in {}', the_label(end_label))
        when is_changed and behind_until = crossed_low
            then format('{} since some time between {} and {}, without figures of both in between', leaders.label,
                period_label(grain, crossed_low), period_label(grain, crossed_high))
        when is_changed then format('{} since {}', leaders.label, the_label(crossed_label)) || coalesce(range_words, '')
            || if(sources.ended_note is null, '', format('; figures end in {}', the_label(end_label)))
            || if(is_within_chance, format('; in {} by no more than chance', the_label(end_label)), '')
        when lead_number > 1
            then format('{} since {}; no passing is proven', leaders.label, the_label(period_label(grain, led_since)))
        when drawn_from = led_until then format('{} in {}, the only figures of both', leaders.label, the_label(end_label))
        else format('{} from the first figure, {}, to {}', leaders.label, the_label(first_label), the_label(end_label))
    end || coalesce(format(' ({}: {} since {}{})', said_by, before.label, the_label(period_label(grain_before, since_before)),
        case when is_open_there then '; no passing is proven' when is_there then coalesce(range_words, '') else '' end),
        '') as words,
    case
        when counted.framework is null then format('no lead in {}', strftime(led_until, '%Y'))
        when is_changed then if(behind_until = crossed_low, 'by ', '') || crossed_label
        when is_there then 'earlier: ' || crossed_label
        when drawn_from = led_until then format('only {}', strftime(led_until, '%Y'))
        else format('none proven by {}', strftime(led_until, '%Y'))
    end as short_words,
    case change_count
        when 0 then format('In no source is it proven that {} passed {} or the reverse', a.label, b.label)
        when source_count then format('The lead between {} and {} changed hands in every source', a.label, b.label)
        else format('The lead between {} and {} changed hands in {} of {} sources', a.label, b.label, change_count, source_count)
    end as title
from counted
inner join marts.source_status as sources using (source)
inner join marts.frameworks as a on a.framework = counted.framework_a
inner join marts.frameworks as b on b.framework = counted.framework_b
left join marts.frameworks as leaders on leaders.framework = counted.framework
left join marts.frameworks as before on before.framework = counted.leader_before
order by a.framework_order, b.framework_order, counted.source_position
