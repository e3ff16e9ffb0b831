-- The place of each framework year by year at every source: that of the last period of the year with a figure of it.
-- @grain framework, source, year
-- @column share_words: its share of the base; null where there is none
-- @column is_first: it has the greatest figure, beyond the errors of readings
select
    places.framework, places.source, sources.label as source_label, held.choice_label,
    year(places.period_start) as year,
    place_words(place, listed_count, coalesce(above_value > value and above_value - value <= 2 * held.reading_error, false),
        coalesce(value - below_value <= 2 * held.reading_error, false)) as place_words,
    percent_words(places.share_pct) as share_words,
    coalesce(place = 1, false) and coalesce(value - below_value > 2 * held.reading_error, true) as is_first
from marts.framework_places as places
inner join marts.populations as held using (source, series, population, grain)
inner join marts.source_status as sources using (source)
qualify row_number() over (partition by places.framework, places.source, year(places.period_start)
    order by places.period_start desc, places.population = places.choice desc, places.population) = 1
order by places.framework, sources.headline_order, year
