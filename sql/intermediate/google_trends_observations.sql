-- Search interest in the schema that all sources share.
-- @grain series, population, grain, period_start, framework, source_file
-- @column grain: week, month, or window for shares by country
-- @column value: index on the scale of the newest request, or percent within the country
-- @column quality: sample; the source draws its figures from a sample of searches
select
    'google_trends' as source, series, population, grain, period_start, framework, value_index as value,
    null::bigint as base, 'index_0_100' as unit, 'sample' as quality, null::varchar as reference, source_file
from intermediate.google_trends_levels
union all
select
    'google_trends' as source, series, country as population, 'window' as grain, window_start as period_start,
    framework, share_pct as value, null::bigint as base, 'percent' as unit, 'sample' as quality,
    null::varchar as reference, source_file
from intermediate.google_trends_country_shares
