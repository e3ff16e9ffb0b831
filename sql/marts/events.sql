-- Dates for annotations, and breaks across which a series is not comparable.
-- @grain event_id
-- @columns event_id, event_date
-- @column framework: framework it belongs to; null for breaks and sources
-- @columns event, is_break, reference
-- @column source: whose figures change; null where none do
-- @column series: the only series of the source that changes; null where all do
-- @column population: the only population of the series that changes; null where all do
select event_id, event_date, framework, event, is_break, reference, source, series, population
from staging.reference__events
order by event_date
