-- Which populations may be drawn for a source, and under which choice of the reader they stand.
-- @grain source, series, population, grain
-- @column label: name of the choice
-- @fail choice is not null and label is not null
select
    held.source, held.series, held.population, held.grain, held.choice, held.choice_label as label,
    held.is_speaking and held.is_of_headline as is_headline,
    held.series_order,
    sources.headline_order as source_position
from marts.populations as held
inner join marts.source_status as sources using (source)
where held.is_charted and sources.kind is not null
-- A hundred countries would make a page too heavy to open: the rest is in marts.framework_shares.
qualify dense_rank() over (partition by held.source, held.series order by held.rank, held.choice) <= 12
order by source_position, held.series_order, held.population
