-- Downloads per day by month, in the schema that all sources share.
-- Folded: the main package and its variants (framework_names.csv), which are installed in place of it. A companion
-- such as jaxlib is installed along with the main package: adding it would count one installation twice.
-- @grain series, population, period_start, framework
-- @column series: downloads_per_day of the main package, or downloads_per_day_folded
-- @column value: downloads per day; no row before a package began
-- @fail value >= 0
with
listed as (from staging.pypi_downloads__months where download_count is not null),
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
        'all installers' as population, package, period_start, download_count, day_count,
        'pypi_clickhouse' as reference, source_file
    from listed
    union all by name
    select 'without mirrors' as population, 'pypistats' as reference, null as day_count, *
    from whole_months
),

-- Downloads of packages in whole months; of several answers on a month the newest counts.
monthly as (
    select
        counted.population, counted.package, counted.period_start, counted.download_count,
        counted.day_count, counted.reference, counted.source_file, landings.retrieved_at
    from counted
    inner join landings using (source_file)
    -- The running month is not over.
    where last_day(counted.period_start) < landings.retrieved_at::date
    qualify row_number() over (
        partition by counted.population, counted.package, counted.period_start
        order by landings.retrieved_at desc, counted.source_file
    ) = 1
),

-- A package may rest for a day; a day on which none was counted is missing in the log, and the month is short of it. The
-- log is filled later: an answer has the days that were known when it was given.
known_days as (
    select
        population, package, period_start, download_count, reference, source_file,
        -- Answers from before the days were asked for do not tell: the days of a package beside them may be its own rests.
        max(coalesce(day_count, day(last_day(period_start)))) over known_then as day_count
    from monthly
    window known_then as (
        partition by population, period_start order by retrieved_at
        range between unbounded preceding and interval 12 hours following
    )
),

frameworks as (from staging.reference__frameworks where pypi_package is not null),
-- One that was always a variant is so from the first day of dates: a condition on both sides at once walks all pairs.
variants as (
    select framework, name, coalesce(since, '-infinity'::date) as since
    from staging.reference__framework_names
    where used_for = 'pypi_variant'
),

main as (
    select 'downloads_per_day' as series, frameworks.framework, known_days.*
    from known_days
    inner join frameworks on frameworks.pypi_package = known_days.package
),

folded as (
    select
        'downloads_per_day_folded' as series, main.framework, main.population, main.period_start,
        main.download_count + coalesce(sum(variant.download_count), 0) as download_count,
        main.day_count, main.reference, main.source_file
    from main
    left join variants using (framework)
    left join monthly as variant
        on variant.package = variants.name
        and variant.population = main.population
        and variant.period_start = main.period_start
        and variant.period_start >= variants.since
    where main.population = 'all installers'
    group by
        main.framework, main.population, main.period_start, main.download_count, main.day_count, main.reference,
        main.source_file
),

either as (
    select * from main
    union all by name
    select * from folded
)

select
    'pypi_downloads' as source, series, population, 'month' as grain, period_start, framework,
    download_count::double / day_count as value,
    null::bigint as base, 'per_day' as unit,
    -- By day it is comparable all the same; that it was measured on some of its days must be told.
    if(day_count < day(last_day(period_start)), 'sample', 'full') as quality, reference,
    -- A period comes from one landing; its figures may stand in several files of it.
    max(source_file) over (partition by series, population, period_start) as source_file
from either
