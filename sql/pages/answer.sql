-- The first words of the site: who has more today, counted over the sources that reach into the last three years.
-- @grain framework_a, framework_b
-- @column source_count: sources whose newest figures of both begin within three years before the newest of all
-- @column a_count: those with more of framework_a, beyond chance
-- @column b_count: those with more of framework_b
-- @column sentence: who has more in how many
-- @column deck: in which kinds of evidence, where a lead is proven, and which of these sources say otherwise
-- @fail a_count + b_count <= source_count
with
told as (
    select evidence.*, status.subject, status.headline_order
    from pages.evidence as evidence
    inner join marts.source_status as status using (source)
    where evidence.is_recent
),

counted as (
    select
        framework_a, framework_b, any_value(source_count) as source_count,
        any_value(a_count) as a_count, any_value(b_count) as b_count,
        count(*) filter (where is_lead_proven) as proven_count, count(distinct kind) as kind_count,
        count(distinct kind) filter (where stand = 'agrees') as agreeing_kind_count,
        string_agg(subject, ', ' order by headline_order) filter (where is_lead_proven) as proven,
        string_agg(if(is_stock, subject || ' of all time', subject), ' and ' order by headline_order)
            filter (where stand = 'disagrees') as against,
        string_agg(subject, ' and ' order by headline_order) filter (where stand = 'open') as unsettled
    from told
    group by framework_a, framework_b
),

first_pair as (select distinct framework_a, framework_b from marts.headlines)

select
    counted.framework_a, counted.framework_b, counted.source_count, counted.a_count, counted.b_count,
    case
        when a_count = b_count
            then format('{} and {} each had more, beyond chance, in {} of {} sources', a.label, b.label, a_count, source_count)
        else format('{} had more than {}, beyond chance, in {} of the {} sources of the last three years',
            if(a_count > b_count, a.label, b.label), if(a_count > b_count, b.label, a.label), greatest(a_count, b_count),
            source_count)
    end as sentence,
    concat_ws(' ',
        if(a_count = b_count, null, format('So says at least one source of {} kinds of evidence.',
            if(agreeing_kind_count = kind_count, 'each of the ' || kind_count, agreeing_kind_count || ' of ' || kind_count))),
        format('Interval and trend prove a lead in {}{}.', or_none(proven_count), coalesce(': ' || proven, '')),
        format('{} had more in {}.', if(b_count > a_count, a.label, b.label), against),
        format('Chance may have made the difference in {}.', unsettled)
    ) as deck
from counted
inner join first_pair using (framework_a, framework_b)
inner join marts.frameworks as a on a.framework = counted.framework_a
inner join marts.frameworks as b on b.framework = counted.framework_b
where counted.source_count > 1
