-- Origin of every source in the release before this one; empty before the first release.
-- @grain source
-- @columns release_id, source, origin
select release_id, source, origin
from raw.history_source_status
