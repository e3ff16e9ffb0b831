-- The map: every country of each window of searches, with the share of the first of each pair in both.
-- @grain series, window_start, framework_a, framework_b, country
-- @column window_start: first day of the window of searches
-- @column name: its name; the code where it has no place on the map
-- @column framework: the one ahead; null where they are level
-- @column sentence: what all countries of the window say together
select
    readings.series, told.window_start, readings.framework_a, readings.framework_b, readings.population as country,
    coalesce(places.names[1], readings.population) as name,
    places.country is not null as has_place,
    readings.leader as framework, frameworks.label, readings.a_value, readings.b_value, readings.a_share_of_pair_pct,
    percent_words(readings.a_share_of_pair_pct) as share_words,
    told.sentence, readings.origin, readings.quality
from pages.population_summaries as told
inner join marts.head_to_head as readings
    on readings.source = told.source and readings.series = told.series
    and readings.period_start = told.window_start and readings.framework_a = told.framework_a
    and readings.framework_b = told.framework_b and readings.grain = 'window'
left join staging.reference__countries as places on places.country = readings.population
left join marts.frameworks as frameworks on frameworks.framework = readings.leader
where readings.a_share_of_pair_pct is not null
order by told.window_start desc, told.series, readings.a_share_of_pair_pct desc, country
