-- Landed files that this warehouse was built from.
-- @grain source_file
-- @column source_file: path below data/raw
-- @column source: source it belongs to
-- @column origin: live, cached or imported
-- @column retrieved_at: when the bytes were fetched, UTC
-- @column address: where they came from
-- @column sha256: checksum of the bytes
-- @column size_bytes: size of the file
-- @fail origin in ('live', 'cached', 'imported')
select
    source_file,
    source,
    origin,
    retrieved_at,
    address,
    sha256,
    size_bytes
from raw.refresh_landings
