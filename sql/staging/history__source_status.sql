-- Origin of every source in the previous release; empty before the first release.
-- @grain source
select release_id, source, origin
from raw.history_source_status
