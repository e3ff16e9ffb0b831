-- For every pair and source: since when the leader of the newest figures has been ahead, or that it always was.
-- An order that the newest figures leave open has no row.
-- @grain source, framework_a, framework_b
-- @columns source, source_label, framework_a, framework_b
-- @column framework: the leader of the newest period
-- @columns label, first_date, changed_date, end_date, words, short_words
-- @column population: whom or what the newest figures speak of
-- @columns source_position
-- @column title: what all sources of the pair say together
with

speaking as (
    select
        leads.*,
        min(leads.led_since) over line as drawn_from
    from marts.leads as leads
    inner join marts.source_status as sources
        on sources.source = leads.source
        and sources.headline_series = leads.series
        and sources.headline_grain = leads.grain
    inner join marts.populations as populations
        on populations.source = leads.source
        and populations.series = leads.series
        and populations.grain = leads.grain
        and populations.population = leads.population
        and populations.is_preferred
    window line as (partition by leads.source, leads.framework_a, leads.framework_b)
),

ends as (
    select
        speaking.*,
        speaking.lead_number > 1 as is_changed
    from speaking
    inner join marts.head_to_head_latest as latest
        on latest.source = speaking.source
        and latest.series = speaking.series
        and latest.population = speaking.population
        and latest.grain = speaking.grain
        and latest.framework_a = speaking.framework_a
        and latest.framework_b = speaking.framework_b
        and not latest.is_order_open
    where speaking.is_latest
),

counted as (
    select
        source,
        framework_a,
        framework_b,
        leader as framework,
        population,
        period_middle(grain, drawn_from) as first_date,
        period_middle(grain, led_until) as end_date,
        period_label(grain, led_until) as end_label,
        if(is_changed, period_middle(grain, led_since), null) as changed_date,
        if(is_changed, period_label(grain, led_since), null) as changed_label,
        count_if(is_changed) over pair as change_count,
        count(*) over pair as source_count
    from ends
    window pair as (partition by framework_a, framework_b)
)

select
    counted.source,
    sources.label as source_label,
    counted.framework_a,
    counted.framework_b,
    counted.framework,
    leaders.label,
    counted.first_date,
    counted.changed_date,
    counted.end_date,
    if(counted.changed_date is not null, format('{} since {}', leaders.label, counted.changed_label),
        format('{} from the start, still in {}', leaders.label, counted.end_label)) as words,
    coalesce(counted.changed_label, format('no change by {}', strftime(counted.end_date, '%Y'))) as short_words,
    counted.population,
    sources.headline_order as source_position,
    case
        when change_count = 0
            then format('In no source did the lead between {} and {} change hands', a.label, b.label)
        when change_count = source_count
            then format('The lead between {} and {} changed hands in every source', a.label, b.label)
        else format('The lead between {} and {} changed hands in {} of {} sources', a.label, b.label, change_count,
            source_count)
    end as title
from counted
inner join marts.source_status as sources on sources.source = counted.source
inner join marts.frameworks as leaders on leaders.framework = counted.framework
inner join marts.frameworks as a on a.framework = counted.framework_a
inner join marts.frameworks as b on b.framework = counted.framework_b
order by counted.framework_a, counted.framework_b, source_position
