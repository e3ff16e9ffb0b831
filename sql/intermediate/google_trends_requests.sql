-- Each request with its place in the order in which requests are put on one scale: the first gives the scale.
-- @grain source_file
-- @column source_file: landed file
-- @column is_import: true for an export that the operator gave; never put on one scale with pulls
-- @column retrieved_date: day on which it was pulled or downloaded
-- @column series: search_terms or topics
-- @column population: world or an ISO code
-- @column grain: week or month
-- @column frameworks: frameworks of the request by name, joined by +
-- @column first_period: first whole bucket
-- @column last_period: last whole bucket
-- @column place: 1 for the newest request that holds the most important framework of its kind
with

requests as (
    select
        source_file,
        is_import,
        retrieved_date,
        series,
        population,
        grain,
        array_to_string(list_sort(list(distinct framework)), '+') as frameworks,
        min(framework_order) as first_order,
        min(period_start) as first_period,
        max(period_start) as last_period
    from intermediate.google_trends_buckets
    group by source_file, is_import, retrieved_date, series, population, grain
)

select
    source_file,
    is_import,
    retrieved_date,
    series,
    population,
    grain,
    frameworks,
    first_period,
    last_period,
    row_number() over (
        partition by is_import, series, population, grain
        order by first_order, last_period desc, retrieved_date desc, source_file desc
    ) as place
from requests
