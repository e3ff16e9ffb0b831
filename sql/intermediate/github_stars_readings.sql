-- Stars of each framework's main repository whenever we asked, with those of the same day that we were told of.
-- @grain framework, asked_at
-- @column framework: our id
-- @column asked_at: when we asked, UTC
-- @column read_date: that day
-- @column star_count: stars
-- @column day_star_count: stars of read_date among them; null where we were not told or did not keep it
-- @column fork_count: forks
-- @column open_issue_count: open issues, pull requests among them
-- @column source_file: landed file of the answer
with

counts as (
    select * from staging.github_stars__counts
),

days as (
    select * from staging.github_stars__days
),

frameworks as (
    select * from staging.reference__frameworks
)

select
    frameworks.framework,
    counts.asked_at,
    counts.asked_at::date as read_date,
    counts.star_count,
    days.star_count as day_star_count,
    counts.fork_count,
    counts.open_issue_count,
    counts.source_file
from counts
inner join frameworks on lower(frameworks.github_repo) = counts.repository
left join days
    on days.repository = counts.repository
    and days.asked_at = counts.asked_at
    and days.day_date = counts.asked_at::date
