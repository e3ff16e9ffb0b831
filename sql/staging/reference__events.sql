-- Dates for annotations, and breaks in a source's way of counting.
-- @grain event_id
-- @column framework: framework it belongs to; null for breaks and sources
-- @column source: whose figures change; null where none do
-- @column series: the only series of the source that changes; null where all do
-- @column population: the only population of the series that changes; null where all do
-- @fail not is_break or source is not null
select
    id as event_id, date as event_date, framework,
    regexp_replace(event, '^Series break: ', '') as event,
    starts_with(raw.reference_events.event, 'Series break:') as is_break,
    reference, source, series, population
from raw.reference_events
