-- Days across which a source's figures are not comparable, as the charts draw them.
-- @grain event_id
-- @column event_id: id
-- @column source: whose figures change
-- @column series: the only series that changes; null where all do
-- @column population: the only population that changes; null where all do
-- @column event_date: first day of the new figures
-- @column event: what happened
select
    event_id,
    source,
    series,
    population,
    event_date,
    event
from intermediate.series_breaks
order by event_date
