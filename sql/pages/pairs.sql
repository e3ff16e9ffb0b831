-- Each pair of compared frameworks with figures: in how many sources which of them had more.
-- @grain framework_a, framework_b
-- @column a_count: sources whose newest figures have more of the first, beyond chance
-- @column b_count: the same for the other
-- @column source_count: sources with figures of both
-- @column detail: which sources say what
-- @fail a_count + b_count + open_count = source_count and source_count > 0
with
counted as (
    select
        framework_a, framework_b, count(*) filter (where leader = framework_a) as a_count,
        count(*) filter (where leader = framework_b) as b_count,
        count(*) filter (where leader is null) as open_count, count(*) as source_count,
        string_agg(source_label, ', ' order by source_label) filter (where leader = framework_a) as a_sources,
        string_agg(source_label, ', ' order by source_label) filter (where leader = framework_b) as b_sources,
        string_agg(source_label, ', ' order by source_label) filter (where leader is null) as open_sources,
        min_by(source_label, a_share_of_pair_pct) as lowest_source,
        max_by(source_label, a_share_of_pair_pct) as highest_source,
        min_by(share_words, a_share_of_pair_pct) as lowest_words,
        max_by(share_words, a_share_of_pair_pct) as highest_words
    from pages.sentences
    where is_headline
    group by framework_a, framework_b
)

select
    counted.framework_a, counted.framework_b, a.label as label_a, b.label as label_b, a.framework_order as order_a,
    b.framework_order as order_b, row_number() over (order by order_a, order_b) = 1 as is_first,
    counted.a_count, counted.b_count, counted.open_count, counted.source_count,
    case
        when greatest(a_count, b_count) = 0
            then format('In no newest figures do {} and {} differ by more than chance', a.label, b.label)
        when greatest(a_count, b_count) = source_count
            then format('{} had more than {} in the newest figures of {}', if(a_count > 0, a.label, b.label),
                if(a_count > 0, b.label, a.label), case source_count
                    when 1 then 'the one source that has both'
                    when 2 then 'both sources'
                    else format('all {} sources', source_count)
                end)
        when a_count = b_count
            then format('{} and {} each had more in the newest figures of {} of {} sources', a.label, b.label,
                a_count, source_count)
        else format('{} had more than {} in the newest figures of {} of {} sources',
            if(a_count > b_count, a.label, b.label), if(a_count > b_count, b.label, a.label),
            greatest(a_count, b_count), source_count)
    end as sentence,
    if(source_count = 1,
        format('{} has {} of both together in {}', a.label, lowest_words, lowest_source),
        format('The share of {} in both together runs from {} ({}) to {} ({})', a.label, lowest_words,
            lowest_source, highest_words, highest_source)) as spread,
    concat_ws(' ',
        format('{} had more: {}.', a.label, a_sources),
        format('{} had more: {}.', b.label, b_sources),
        format('No more than chance: {}.', open_sources)
    ) as detail
from counted
inner join marts.frameworks as a on a.framework = counted.framework_a
inner join marts.frameworks as b on b.framework = counted.framework_b
order by order_a, order_b
