-- Dates for annotations, and breaks in a source's way of counting.
-- @grain event_id
-- @column event_id: our id
-- @column event_date: day, or the first of the month where the day is unknown
-- @column framework: framework it belongs to; null for breaks and sources
-- @column event: what happened
-- @column is_break: true where a series is not comparable across the date
-- @column reference: key of staging.reference__references
-- @column source: whose figures change; null where none do
select
    id as event_id,
    date as event_date,
    framework,
    event,
    starts_with(event, 'Series break:') as is_break,
    reference,
    source
from raw.reference_events
