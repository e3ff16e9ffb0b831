-- Search interest that another machine read, in the columns of marts.search_interest; read out of a bundle.
-- @grain is_import, series, population, grain, period_start, frameworks, framework
-- @column share_pct: share in all frameworks of the request that have data, 0 to 100, mean over the pulls
-- @column value_index: level on the scale of the newest request; null where it shares nothing with it
select
    is_import, series, population, grain, period_start, frameworks, framework, share_pct, share_spread_pct,
    request_count, below_one_count, value_index, spread_index
from raw.bundle_search_interest
