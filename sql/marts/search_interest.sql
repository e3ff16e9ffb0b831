-- Search interest: shares within one request with their spread over repeated pulls, and levels on one scale.
-- Compare shares of the same `frameworks` only: another set of frameworks in a request is another whole.
-- @grain is_import, series, population, grain, period_start, frameworks, framework
-- @columns is_import, series, population, grain, period_start, frameworks, framework
-- @column share_pct: share in all frameworks of the request that have data, 0 to 100, mean over the pulls
-- @columns share_spread_pct, request_count, below_one_count
-- @column value_index: level on the scale of the newest request; null where it shares nothing with it
-- @columns spread_index
-- @fail share_pct between 0 and 100
with
shares as (
    select *, 100 * value_index / nullif(sum(value_index) over (partition by source_file, period_start), 0) as share_pct
    from intermediate.google_trends_buckets
    -- One framework alone is no comparison.
    qualify count(*) over (partition by source_file, period_start) > 1
),

averaged as (
    select
        shares.is_import, shares.series, shares.population, shares.grain, shares.period_start, requests.frameworks,
        shares.framework,
        round(avg(shares.share_pct), 6) as share_pct,
        round(stddev_samp(shares.share_pct), 6) as share_spread_pct,
        count(*) as request_count,
        count(*) filter (where shares.is_below_one) as below_one_count
    from shares
    inner join intermediate.google_trends_scales as requests using (source_file)
    where shares.share_pct is not null
    group by shares.is_import, shares.series, shares.population, shares.grain, shares.period_start,
        requests.frameworks, shares.framework
)

select averaged.*, levels.value_index, levels.spread_index
from averaged
left join intermediate.google_trends_levels as levels using (is_import, series, population, grain, period_start, framework)
union all by name
select bundled.*
from staging.bundle__search_interest as bundled
anti join averaged using (is_import, series, population, grain, period_start, frameworks, framework)
