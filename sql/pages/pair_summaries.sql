-- Each pair of compared frameworks with figures: how many sources have which of them ahead.
-- @grain framework_a, framework_b
-- @columns framework_a, framework_b, label_a, label_b, order_a, order_b, a_count, b_count, open_count
-- @column source_count: sources with figures of both
-- @columns sentence, spread
-- @column detail: which sources say what
-- @fail a_count + b_count + open_count = source_count and source_count > 0
with

counted as (
    select
        sentences.framework_a,
        sentences.framework_b,
        count(*) filter (where not is_order_open and leader = sentences.framework_a) as a_count,
        count(*) filter (where not is_order_open and leader = sentences.framework_b) as b_count,
        count(*) filter (where is_order_open) as open_count,
        count(*) as source_count,
        string_agg(sources.label, ', ' order by sources.label) filter (
            where not is_order_open and leader = sentences.framework_a) as a_sources,
        string_agg(sources.label, ', ' order by sources.label) filter (
            where not is_order_open and leader = sentences.framework_b) as b_sources,
        string_agg(sources.label, ', ' order by sources.label) filter (where is_order_open) as open_sources,
        min_by(sources.label, a_share_of_pair_pct) as lowest_source,
        max_by(sources.label, a_share_of_pair_pct) as highest_source,
        min(a_share_of_pair_pct) as lowest_pct,
        max(a_share_of_pair_pct) as highest_pct
    from marts.pair_sentences as sentences
    inner join marts.source_status as sources on sources.source = sentences.source
    where sentences.is_headline
    group by sentences.framework_a, sentences.framework_b
)

select
    counted.framework_a,
    counted.framework_b,
    a.label as label_a,
    b.label as label_b,
    a.framework_order as order_a,
    b.framework_order as order_b,
    counted.a_count,
    counted.b_count,
    counted.open_count,
    counted.source_count,
    case
        when source_count = 1 and open_count = 1
            then format('The newest figures of {} and {} leave their order open', a.label, b.label)
        when greatest(a_count, b_count) = source_count
            then format('{} was ahead of {} in the newest figures of {}', if(a_count > 0, a.label, b.label),
                if(a_count > 0, b.label, a.label), case source_count
                    when 1 then 'the one source that has both'
                    when 2 then 'both sources'
                    else format('all {} sources', source_count)
                end)
        when a_count = b_count
            then format('{} and {} were each ahead in the newest figures of {} of {} sources', a.label, b.label,
                a_count, source_count)
        else format('{} was ahead of {} in the newest figures of {} of {} sources',
            if(a_count > b_count, a.label, b.label), if(a_count > b_count, b.label, a.label),
            greatest(a_count, b_count), source_count)
    end as sentence,
    if(source_count = 1,
        format('{} has {} of both together in {}', a.label, printf('%.0f%%', lowest_pct), lowest_source),
        format('The share of {} in both together runs from {} ({}) to {} ({})', a.label, printf('%.0f%%', lowest_pct),
            lowest_source, printf('%.0f%%', highest_pct), highest_source)) as spread,
    concat_ws(' ',
        format('{} ahead: {}.', a.label, a_sources),
        format('{} ahead: {}.', b.label, b_sources),
        format('Order open: {}.', open_sources)
    ) as detail
from counted
inner join staging.reference__frameworks as a on a.framework = counted.framework_a
inner join staging.reference__frameworks as b on b.framework = counted.framework_b
order by order_a, order_b
