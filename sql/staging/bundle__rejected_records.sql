-- Records that another machine left out of its figures; read out of a bundle.
-- @grain source, source_file, reason
-- @column source_file: landed file of that machine, behind "bundle/"
-- @column record_total: records of the file
select source, source_file, reason, record_count, record_total
from raw.bundle_rejected_records
