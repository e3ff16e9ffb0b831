-- Stars at the end of a month: those of the first reading after it, less the stars given in between.
-- A month end from which to the reading a day is unknown has no row, nor has one that would come out below zero.
-- @grain framework, month_start
-- @columns framework, month_start
-- @column star_count: stars at its end
-- @columns asked_at, source_file
-- @fail star_count >= 0
with
days as (
    select
        framework, day_date,
        sum(star_count) over past as stars_so_far,
        count(*) over past as days_so_far
    from intermediate.github_stars_days
    window past as (partition by framework order by day_date)
),

readings as (
    select
        frameworks.framework, counts.asked_at, counts.asked_at::date as read_date, counts.star_count,
        days.star_count as day_star_count, counts.source_file
    from staging.github_stars__counts as counts
    inner join staging.reference__frameworks as frameworks on lower(frameworks.github_repo) = counts.repository
    -- The stars of the day of reading, as told together with them.
    inner join staging.github_stars__days as days
        on days.repository = counts.repository
        and days.asked_at = counts.asked_at
        and days.day_date = counts.asked_at::date
    where days.star_count is not null
),

month_ends as (
    select days.*, days.day_date + interval 1 day as ended_at
    from days
    where days.day_date = last_day(days.day_date)
),

-- The first reading after the month: the one that stars taken back since can have changed least.
read as (
    select
        month_ends.*, readings.asked_at, readings.read_date, readings.star_count, readings.day_star_count,
        readings.source_file
    from month_ends
    asof inner join readings
        on readings.framework = month_ends.framework
        and month_ends.ended_at <= readings.asked_at
),

levels as (
    select
        read.framework,
        date_trunc('month', read.day_date)::date as month_start,
        (read.star_count - read.day_star_count - (before.stars_so_far - read.stars_so_far))::bigint as star_count,
        read.asked_at, read.source_file
    from read
    inner join days as before on before.framework = read.framework and before.day_date = read.read_date - 1
    where before.days_so_far - read.days_so_far = read.read_date - 1 - read.day_date
)

select framework, month_start, star_count, asked_at, source_file
from levels
where star_count >= 0
