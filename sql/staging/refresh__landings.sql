-- Landed files that this warehouse was built from.
-- @grain source_file
-- @columns source_file, source, origin
-- @column retrieved_at: when the bytes were fetched, UTC
-- @column address: where they came from
-- @columns sha256, size_bytes
-- @fail origin in ('live', 'cached', 'imported')
select source_file, source, origin, retrieved_at, address, sha256, size_bytes
from raw.refresh_landings
