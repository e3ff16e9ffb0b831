-- Landed files that this warehouse was built from.
-- @grain source_file
-- @column retrieved_at: when the bytes were fetched, UTC
-- @column address: where they came from
-- @fail origin in ('live', 'cached', 'imported')
select source_file, source, origin, retrieved_at, address, sha256, size_bytes
from raw.refresh_landings
