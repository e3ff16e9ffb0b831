-- The evidence on each pair, one line per source: the leader's reading, its interval, the figures behind it, and since when.
-- @grain source, framework_a, framework_b
-- @column leader: the one with the greater figure; null where chance may have made the difference
-- @column drawn: the one with the greater figure, also where chance may have made the difference
-- @column share_words: share of the drawn one in both
-- @column interval_words: how sure the share is
-- @column is_stock: all that gathered up to the day is counted, so that the detail has the gain of twelve months
-- @fail source_count >= a_count + b_count
with
silent as (
    select kind, string_agg(label, ', ' order by headline_order) as labels
    from marts.source_status
    where row_count = 0
    group by kind
),

newest as (
    select
        sentences.*, status.headline_order, status.ended_note,
        sentences.period_start > max(sentences.period_start) over pair - interval 3 year as is_recent
    from pages.sentences as sentences
    inner join marts.source_status as status using (source)
    where sentences.is_headline
    window pair as (partition by sentences.framework_a, sentences.framework_b)
),

counted as (
    select
        *,
        if(a_share_of_pair_pct < 50, framework_b, framework_a) as drawn,
        count(*) filter (where is_recent) over pair as source_count,
        count(*) filter (where is_recent and leader = framework_a) over pair as a_count,
        count(*) filter (where is_recent and leader = framework_b) over pair as b_count,
        row_number() over (
            partition by framework_a, framework_b, kind order by is_recent desc, ended_note is not null, headline_order
        ) as kind_place,
        bool_and(ended_note is not null or not is_recent) over of_kind as is_kind_silent,
        max_by(period_words, period_start) over of_kind as kind_words,
        max(period_start) over pair as newest_start
    from newest
    window pair as (partition by framework_a, framework_b), of_kind as (partition by framework_a, framework_b, kind)
)

select
    counted.source, counted.source_label, counted.kind, counted.framework_a, counted.framework_b, counted.leader,
    counted.is_lead_proven, counted.drawn, drawn.label as drawn_label, counted.is_recent, counted.source_count,
    counted.a_count, counted.b_count,
    case
        when counted.leader is null then 'open'
        when counted.leader = if(b_count > a_count, counted.framework_b, counted.framework_a) then 'agrees'
        else 'disagrees'
    end as stand,
    counted.kind_place,
    case
        when is_kind_silent and kind_place = 1 then 'Nothing here says who leads today.'
        when ended_note is not null then 'No more figures come: it says nothing of today.'
        when counted.period_start <= newest_start - interval 1 year
            then format('Still counted; the newest figures of both held here are of {}.', counted.period_words)
    end as today_words,
    nullif(concat_ws(' ',
        if(is_kind_silent and kind_place = 1, format('The newest figures of this kind are of {}.', kind_words), null),
        ended_note,
        if(is_kind_silent and kind_place = 1, format('No figures are held of {}.', silent.labels), null)
    ), '') as today_detail,
    latest.leader_share_words as share_words,
    format('{} {} {}, {} {}{}', drawn.label,
        number_words(if(counted.drawn = counted.framework_a, latest.a_value, latest.b_value)),
        unit_words(shares.unit), other.label,
        number_words(if(counted.drawn = counted.framework_a, latest.b_value, latest.a_value)),
        coalesce(format('; base {:,}: {}', shares.base, held.base_definition), '')) as figure_words,
    latest.interval_words,
    changes.words as since_words, counted.period_label, counted.population, counted.sentence, counted.detail,
    latest.is_stock, counted.origin, counted.quality
from counted
inner join marts.head_to_head_latest as latest using (source, series, population, framework_a, framework_b)
inner join pages.lead_changes as changes using (source, framework_a, framework_b)
inner join marts.frameworks as drawn on drawn.framework = counted.drawn
inner join marts.frameworks as other
    on other.framework = if(counted.drawn = counted.framework_a, counted.framework_b, counted.framework_a)
inner join marts.framework_shares as shares
    on (shares.source, shares.series, shares.population, shares.grain, shares.period_start)
    = (latest.source, latest.series, latest.population, latest.grain, latest.period_start)
    and shares.framework = counted.drawn
left join staging.reference__series as held using (source, series, population)
left join silent on silent.kind = counted.kind
where latest.is_headline
order by counted.framework_a, counted.framework_b, counted.headline_order
