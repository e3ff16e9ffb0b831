-- Records that another machine left out of its figures; read out of a bundle.
-- @grain source, source_file, reason
-- @column source: who publishes the records
-- @column source_file: landed file of that machine, behind "bundle/"
-- @column reason: why they are left out
-- @column record_count: records left out for this reason
-- @column record_total: records of the file
select
    source,
    source_file,
    reason,
    record_count,
    record_total
from raw.bundle_rejected_records
