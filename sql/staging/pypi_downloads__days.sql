-- Downloads of packages by day (UTC), as pypistats.org gives them for the last 180 days; answers overlap.
-- @grain row_number
-- @column download_count: downloads; null where the source counted nothing
select
    row_number() over () as row_number,
    package,
    category = 'with_mirrors' as has_mirrors,
    date::date as download_date,
    downloads::bigint as download_count,
    _source_file as source_file
from raw.pypi_downloads_days
