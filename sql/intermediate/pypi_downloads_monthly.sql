-- Downloads of packages in whole months; of several answers on a month the newest counts.
-- @grain population, package, period_start
-- @columns population, package, period_start, download_count, day_count, reference, source_file
-- @fail download_count >= 0
-- @fail day_count between 28 and 31
with
months as (from staging.pypi_downloads__months where download_count is not null),
days as (from staging.pypi_downloads__days where not has_mirrors and download_count is not null),
landings as (from staging.refresh__landings),

-- The same day stands in several answers.
newest_days as (
    select days.*
    from days
    inner join landings using (source_file)
    qualify row_number() over (
        partition by days.package, days.download_date order by landings.retrieved_at desc, days.source_file
    ) = 1
),

whole_months as (
    select
        package,
        date_trunc('month', download_date)::date as period_start,
        sum(download_count)::bigint as download_count,
        max(source_file) as source_file
    from newest_days
    group by package, date_trunc('month', download_date)
    -- A package that starts within a month, or a window that does, has no whole month there.
    having count(*) = day(last_day(period_start))
),

counted as (
    select
        'all installers' as population, package, period_start, download_count, 'pypi_clickhouse' as reference,
        source_file
    from months
    union all by name
    select 'without mirrors' as population, 'pypistats' as reference, *
    from whole_months
)

select
    counted.population, counted.package, counted.period_start, counted.download_count,
    day(last_day(counted.period_start)) as day_count,
    counted.reference, counted.source_file
from counted
inner join landings using (source_file)
-- The running month is not over.
where last_day(counted.period_start) < landings.retrieved_at::date
qualify row_number() over (
    partition by counted.population, counted.package, counted.period_start
    order by landings.retrieved_at desc, counted.source_file
) = 1
