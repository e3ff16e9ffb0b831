-- Downloads of our conda packages by month and channel; versions and platforms are summed.
-- @grain channel, package, period_start, source_file
-- @column download_count: downloads
-- @fail download_count >= 0
select
    data_source as channel, pkg_name as package, file_month as period_start,
    sum(counts)::bigint as download_count,
    _source_file as source_file
from raw.conda_downloads_months
where counts is not null
group by data_source, pkg_name, file_month, _source_file
