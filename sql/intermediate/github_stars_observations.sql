-- Stars, stars gained, forks and open issues, in the schema that all sources share. Only periods that are over count.
-- @grain series, grain, period_start, framework
-- @column grain: month, week or day
-- @column value: stars, forks or issues
-- @fail value >= 0
with
gathered as (
    select
        framework, day_date, sum(star_count) over past as stars_so_far,
        count(*) over past as days_so_far
    from intermediate.github_stars_days
    window past as (partition by framework order by day_date)
),

first_readings as (
    select
        frameworks.framework, counts.asked_at, counts.asked_at::date as read_date, counts.star_count,
        told.star_count as day_star_count, counts.source_file
    from staging.github_stars__counts as counts
    inner join staging.reference__frameworks as frameworks on lower(frameworks.github_repo) = counts.repository
    -- The stars of the day of reading, as told together with them.
    inner join staging.github_stars__days as told
        on told.repository = counts.repository
        and told.asked_at = counts.asked_at
        and told.day_date = counts.asked_at::date
    where told.star_count is not null
),

month_ends as (
    select *, day_date + interval 1 day as ended_at
    from gathered
    where day_date = last_day(day_date)
),

-- The first reading after the month: the one that stars taken back since can have changed least.
read as (
    select
        month_ends.*, first_readings.asked_at, first_readings.read_date, first_readings.star_count, first_readings.day_star_count,
        first_readings.source_file
    from month_ends
    asof inner join first_readings
        on first_readings.framework = month_ends.framework
        and month_ends.ended_at <= first_readings.asked_at
),

levels as (
    select
        read.framework, date_trunc('month', read.day_date)::date as month_start,
        (read.star_count - read.day_star_count - (before.stars_so_far - read.stars_so_far))::bigint as star_count,
        read.asked_at, read.source_file
    from read
    inner join gathered as before on before.framework = read.framework and before.day_date = read.read_date - 1
    where before.days_so_far - read.days_so_far = read.read_date - 1 - read.day_date
),

-- Stars at the end of a month: those of the first reading after it, less the stars given in between.
-- A month end from which to the reading a day is unknown has no row, nor has one that would come out below zero.
months as (
    select framework, month_start, star_count, asked_at, source_file
    from levels
    where star_count >= 0
),

days as (from intermediate.github_stars_days),

readings as (
    select frameworks.framework, counts.asked_at::date as read_date, counts.* exclude (repository)
    from staging.github_stars__counts as counts
    inner join staging.reference__frameworks as frameworks on lower(frameworks.github_repo) = counts.repository
    qualify row_number() over (partition by frameworks.framework, read_date order by counts.asked_at desc) = 1
),

embedded as (from staging.reference__observations where source = 'github_stars'),

figures as (
    select
        'stars_gained' as series, 'week' as grain, week_start as period_start, framework,
        sum(star_count) as value, 'stars' as unit, max(asked_at) as asked_at,
        arg_max(source_file, asked_at) as source_file
    from days
    group by week_start, framework
    having count(*) = 7 and bool_and(is_over)
    union all
    select
        'stars_gained', 'month', date_trunc('month', day_date)::date as period_start, framework,
        sum(star_count), 'stars', max(asked_at),
        arg_max(source_file, asked_at)
    from days
    group by date_trunc('month', day_date), framework
    having count(*) = day(last_day(min(day_date))) and bool_and(is_over)
    union all
    select 'stars_month_end', 'month', month_start, framework, star_count, 'stars', asked_at, source_file from months
    union all
    select 'forks', 'day', read_date, framework, fork_count, 'forks', asked_at, source_file from readings
    union all
    select 'open_issues', 'day', read_date, framework, open_issue_count, 'issues', asked_at, source_file from readings
),

-- While older pages are still missing, a period that the embedded table tells of more frameworks stays as it is there.
held_back as (
    select distinct embedded.series, embedded.grain, embedded.period_start
    from embedded
    anti join figures using (series, grain, period_start, framework)
)

select
    'github_stars' as source, figures.series, 'repositories' as population, figures.grain, figures.period_start,
    figures.framework, figures.value::double as value, null::bigint as base, figures.unit, 'full' as quality,
    'github_rest' as reference,
    -- One file per period, so that all its frameworks have one origin and are used together.
    arg_max(figures.source_file, figures.asked_at) over (
        partition by figures.series, figures.grain, figures.period_start
    ) as source_file
from figures
anti join held_back using (series, grain, period_start)
