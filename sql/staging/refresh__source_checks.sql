-- What is known of each source with a module of its own, asked or not.
-- @grain source
-- @column last_success_at: when it last confirmed what is in use of it, UTC
-- @column message: what went wrong at the last check; null when nothing did
select source, was_asked, has_answered, is_held_back, checked_at, last_success_at, message
from raw.refresh_source_checks
