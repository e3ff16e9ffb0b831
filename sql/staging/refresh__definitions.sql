-- By which definitions this release is made; after an upgrade, what they make of the previous release. One row.
-- @grain definitions
-- @column definitions: checksum over reference tables and code
-- @column release_before: id of the previous release, where another version made it; null otherwise
select definitions, release_before, figure_count, changed_count
from raw.refresh_definitions
