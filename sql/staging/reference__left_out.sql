-- Records that the embedded figures leave out, and why.
-- @grain source, series, population, reason
-- @column source: who publishes the records
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column reason: why they are left out
-- @column record_count: records left out for this reason
-- @column record_total: records that the figures were made from
-- @column reference: key of staging.reference__references
-- @fail record_count between 1 and record_total
select
    source,
    series,
    population,
    reason,
    record_count,
    record_total,
    reference
from raw.reference_left_out
