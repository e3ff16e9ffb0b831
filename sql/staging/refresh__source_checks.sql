-- What the last refresh found out about each source that we pull.
-- @grain source
-- @columns source, checked_at
-- @column last_success_at: when it last confirmed what we hold or gave us something new, UTC
-- @column message: what went wrong at the last check; null when nothing did
select
    source,
    checked_at,
    last_success_at,
    message
from raw.refresh_source_checks
