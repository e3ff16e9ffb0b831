-- conda downloads per day by month, in the schema that all sources share.
-- @grain series, population, period_start, framework
-- @column value: downloads per day; no row where the channel has no download of the package
-- @fail value >= 0
with
months as (from staging.conda_downloads__months),
frameworks as (from staging.reference__frameworks where conda_package is not null),

populations as (
    select
        'all channels' as population, package, period_start, source_file,
        sum(download_count) as download_count
    from months
    group by package, period_start, source_file
    union all by name
    select channel as population, package, period_start, source_file, download_count
    from months
    where channel in ('conda-forge', 'anaconda', 'pytorch')
)

select
    'conda_downloads' as source, 'downloads_per_day' as series, populations.population, 'month' as grain,
    populations.period_start, frameworks.framework,
    -- Nothing was logged from 2018-04-05 to 2018-04-10.
    populations.download_count::double / (
        day(last_day(populations.period_start)) - if(populations.period_start = date '2018-04-01', 6, 0)
    ) as value,
    null::bigint as base, 'per_day' as unit, 'full' as quality, null::varchar as reference, populations.source_file
from populations
inner join frameworks on frameworks.conda_package = populations.package
