-- The place of each framework year by year at every source: that of the last period of the year with a figure of it.
-- @grain framework, source, year
-- @columns framework, source, source_label, choice_label, year, place_words
-- @column share_words: its share of the base; null where there is none
-- @column is_first: it has the greatest figure
select
    places.framework, places.source, sources.label as source_label, places.choice_label,
    year(places.period_start) as year, places.place_words,
    percent_words(places.share_pct) as share_words,
    coalesce(places.place = 1, false) as is_first
from pages.framework_places as places
inner join marts.source_status as sources using (source)
qualify row_number() over (partition by places.framework, places.source, year(places.period_start)
    order by places.period_start desc, places.population = places.choice desc, places.population) = 1
order by places.framework, places.source_position, year
