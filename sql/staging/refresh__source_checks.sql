-- What is known of each source with a module of its own, asked or not.
-- @grain source
-- @column source: source
-- @column was_asked: whether it was ever asked
-- @column has_answered: whether it ever confirmed what we hold or gave us something
-- @column is_held_back: whether its newest landing is not used
-- @column checked_at: when it was last asked, UTC
-- @column last_success_at: when it last confirmed what is in use of it, UTC
-- @column message: what went wrong at the last check; null when nothing did
select
    source,
    was_asked,
    has_answered,
    is_held_back,
    checked_at,
    last_success_at,
    message
from raw.refresh_source_checks
