-- Downloads of packages by month, as ClickHouse's copy of the log gives them; a month may have been asked for twice.
-- @grain row_number
-- @column download_count: downloads by all installers; null where the source counted nothing
select
    row_number() over () as row_number,
    project as package,
    date_trunc('month', month::date)::date as period_start,
    download_count::bigint as download_count,
    day_count::integer as day_count,
    _source_file as source_file
from raw.pypi_downloads_months
