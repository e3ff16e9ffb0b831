-- Across which dates must figures of a source not be compared?
-- The charts part their lines there.
select
    source,
    series,
    population,
    event_date,
    event
from marts.events
where is_break
order by source, event_date
