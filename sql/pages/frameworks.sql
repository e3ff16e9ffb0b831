-- Every framework with figures, in order of importance: where it stands in the sources that know it, and where it rose or fell.
-- @grain framework
-- @column source_count: sources with a figure of it
-- @column place_words: in how many sources it is surely first and surely last by size; growth is told beside its figure alone
-- @column moved_words: in how many sources of the last three years it is up or down; null where none can tell
-- @column detail: its place in each, the best of its list first
with
-- Growth says nothing of size: such a list counts where no other knows the framework. Nor does what is older than three years
-- say where it stands today; alone in its list, it has no place at all.
sized as (
    select *
    from (
        select *, count(*) over mine as known_count
        from pages.framework_readings
        window mine as (partition by framework)
        qualify has_pairs or not bool_or(has_pairs) over mine
    )
    window mine as (partition by framework)
    qualify (is_recent and listed_count > 1) or not bool_or(is_recent and listed_count > 1) over mine
),

moved as (
    select
        framework,
        count(*) filter (where change_words is not null) as compared_count,
        count(*) filter (where direction = 1) as up_count,
        count(*) filter (where direction = -1) as down_count,
        nullif(concat_ws(' ',
            format('Up: {}.', string_agg(words, ', ' order by source_order) filter (where direction = 1)),
            format('Down: {}.', string_agg(words, ', ' order by source_order) filter (where direction = -1)),
            format('Open: {}.', string_agg(words, ', ' order by source_order) filter (where direction = 0)),
            format('With an error not known: {}.', string_agg(words, ', ' order by source_order) filter (where direction is null)),
            format('With nothing to compare: {}.', string_agg(label, ', ' order by source_order)
                filter (where change_words is null))
        ), '') as detail
    from (
        select
            changes.* exclude (words), format('{} ({})', sources.label, change_words) as words, sources.label,
            sources.headline_order as source_order
        from pages.framework_changes as changes
        inner join marts.source_status as sources using (source)
        where is_recent
    )
    group by framework
),

left_out as (
    select framework, string_agg(source_label, ', ' order by source_label) as labels
    from pages.framework_readings
    anti join sized using (framework, source)
    group by framework
),

counted as (
    select
        framework,
        count(*) as source_count, count(place) as placed_count,
        count(*) filter (where is_first) as first_count, count(*) filter (where is_last) as last_count,
        any_value(known_count) as known_count, the_label(max_by(period_label, period_start)) as newest_label,
        bool_or(is_recent) as is_recent, any_value(place_words) filter (where place is not null) as one_place,
        any_value(place_figure) filter (where place is not null) as one_figure,
        string_agg(format('{} in {}', place_words, source_label), ', ' order by (place - 1) / (listed_count - 1), source_label)
            filter (where place is not null) as places,
        string_agg(place_figure, '; ' order by source) filter (where place is null) as none_source,
        string_agg(distinct origin, '|' order by origin) as origins,
        string_agg(distinct quality, '|' order by quality) as qualities
    from sized
    group by framework
)

select
    counted.framework, frameworks.label, frameworks.is_compared, frameworks.organisation,
    frameworks.first_release, counted.source_count, counted.first_count,
    case
        when placed_count = 0 then 'no place: the newest figures that ask for it count none'
        when placed_count = 1 then format('place {} in the one source {}that {}{}', one_place,
            if(known_count > 1 and counted.is_recent, 'of the last three years ', ''),
            if(known_count = 1, 'knows it', 'counts any of it'), if(counted.is_recent, '', ', in ' || newest_label))
        else format('first beyond chance in {} of {} sources{} and last in {}', or_none(first_count), placed_count,
            if(counted.is_recent, ' of the last three years', format(', none newer than {},', newest_label)), or_none(last_count))
    end as place_words,
    format('{} {} {}', label, case placed_count when 0 then 'has' when 1 then 'stands at' else 'is' end, place_words) as sentence,
    concat_ws(' ',
        if(placed_count = 1, format('In {}.', one_figure), format('Place {}.', places)),
        format('None is counted in {}.', none_source)) as detail,
    format('Left out here, as older than three years, of growth or alone in its list: {}.', left_out.labels) as left_out_words,
    case
        when coalesce(compared_count, 0) = 0 then null
        when up_count + down_count = 0 then format('shown neither up nor down in {} of the last three years that {}',
            if(compared_count = 1, 'the one source', format('any of {} sources', compared_count)),
            if(compared_count = 1, 'compares', 'compare'))
        when compared_count = 1
            then if(up_count = 1, 'up', 'down') || ' in the one source of the last three years that compares'
        else format('up in {} of {} sources of the last three years that compare and down in {}',
            or_none(up_count), compared_count, or_none(down_count))
    end as moved_words,
    coalesce(format('Against about a year before, {} is {}', label, moved_words),
        format('Whether {} rises or falls, no source of the last three years tells', label)) as moved_sentence,
    moved.detail as moved_detail,
    counted.origins, counted.qualities
from counted
inner join marts.frameworks as frameworks using (framework)
left join moved using (framework)
left join left_out using (framework)
order by frameworks.framework_order
