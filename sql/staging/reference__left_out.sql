-- Records that the embedded figures leave out, and why.
-- @grain source, series, population, reason
-- @fail record_count between 1 and record_total
select source, series, population, reason, record_count, record_total, reference
from raw.reference_left_out
