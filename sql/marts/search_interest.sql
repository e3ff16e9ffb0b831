-- Search interest: shares within one request with their spread over repeated pulls, and levels on one scale.
-- Compare shares of the same `frameworks` only: another set of frameworks in a request is another whole.
-- @grain is_import, series, population, grain, period_start, frameworks, framework
-- @column is_import: made of exports that the operator gave; false for pulls
-- @column series: search_terms or topics
-- @column population: world or an ISO code
-- @column grain: week or month
-- @column period_start: first day of the bucket
-- @column frameworks: frameworks that the request compares, joined by +
-- @column framework: our id
-- @column share_pct: share in all frameworks of the request that have data, 0 to 100, mean over the pulls
-- @column share_spread_pct: standard deviation over the pulls in percentage points; null for a single one
-- @column request_count: pulls or exports that hold the bucket
-- @column below_one_count: of them, those that print "<1", taken as half a point
-- @column value_index: level on the scale of the newest request; null where it shares nothing with it
-- @column spread_index: standard deviation of the level over the pulls
-- @fail share_pct between 0 and 100
select
    shares.is_import,
    shares.series,
    shares.population,
    shares.grain,
    shares.period_start,
    shares.frameworks,
    shares.framework,
    shares.share_pct,
    shares.share_spread_pct,
    shares.request_count,
    shares.below_one_count,
    levels.value_index,
    levels.spread_index
from intermediate.google_trends_shares as shares
left join intermediate.google_trends_levels as levels
    on levels.is_import = shares.is_import
    and levels.series = shares.series
    and levels.population = shares.population
    and levels.grain = shares.grain
    and levels.period_start = shares.period_start
    and levels.framework = shares.framework
