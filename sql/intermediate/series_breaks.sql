-- Days across which a source's figures are not comparable.
-- @grain event_id
-- @column event_id: id
-- @column source: whose figures change
-- @column event_date: first day of the new figures
-- @column event: what happened
-- @fail source is not null
select
    event_id,
    source,
    event_date,
    regexp_replace(event, '^Series break: ', '') as event
from staging.reference__events
where is_break
