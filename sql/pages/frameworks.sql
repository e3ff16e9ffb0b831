-- Every framework with figures, in order of importance: how many sources know it, and where it stands in them.
-- @grain framework
-- @columns framework, label, is_compared
-- @column organisation: who makes it
-- @columns first_release
-- @column source_count: sources with a figure of it
-- @columns first_count
-- @column sentence: its highest and its lowest place
-- @column detail: where these places are
-- @columns origins, qualities
with
counted as (
    select
        framework,
        count(*) as source_count,
        count(*) filter (where place = 1) as first_count,
        min_by(source_label || ' (' || period_label || ')', (place / listed_count, -listed_count, source)) as best_source,
        min_by(place_words, (place / listed_count, -listed_count, source)) as best_words,
        max_by(source_label || ' (' || period_label || ')', (place / listed_count, listed_count, source)) as worst_source,
        max_by(place_words, (place / listed_count, listed_count, source)) as worst_words,
        string_agg(distinct origin, '|' order by origin) as origins,
        string_agg(distinct quality, '|' order by quality) as qualities
    from pages.framework_readings
    group by framework
)

select
    counted.framework, frameworks.label, frameworks.is_compared, frameworks.organisation,
    frameworks.first_release, counted.source_count, counted.first_count,
    case
        when source_count = 1 then format('{} stands at place {} in the one source that knows it', label, best_words)
        when best_words = worst_words then format('{} stands at place {} in each of {} sources', label, best_words, source_count)
        when first_count = source_count then format('{} stands first in each of {} sources', label, source_count)
        else format('{} stands between place {} and place {} in the newest figures of {} sources', label, best_words,
            worst_words, source_count)
    end as sentence,
    if(source_count = 1, format('In {}.', best_source),
        format('Place {} in {}, {} in {}.', best_words, best_source, worst_words, worst_source)) as detail,
    counted.origins, counted.qualities
from counted
inner join marts.frameworks as frameworks using (framework)
order by frameworks.framework_order
