-- Days across which a source's figures are not comparable, as the charts draw them.
-- @grain event_id
-- @column event_id: id
-- @column source: whose figures change
-- @column event_date: first day of the new figures
-- @column event: what happened
select
    event_id,
    source,
    event_date,
    event
from intermediate.series_breaks
order by event_date
