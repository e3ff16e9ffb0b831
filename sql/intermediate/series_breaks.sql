-- Days across which a source's figures are not comparable.
-- @grain event_id
-- @column event_id: id
-- @column source: whose figures change
-- @column series: the only series that changes; null where all do
-- @column population: the only population that changes; null where all do
-- @column event_date: first day of the new figures
-- @column event: what happened
-- @fail source is not null
select
    event_id,
    source,
    series,
    population,
    event_date,
    regexp_replace(event, '^Series break: ', '') as event
from staging.reference__events
where is_break
