-- Stars given to each framework's main repository by day, as told last.
-- @grain framework, day_date
with
days as (from staging.github_stars__days),
frameworks as (from staging.reference__frameworks)

select
    frameworks.framework, arg_max(days.week_start, days.asked_at) as week_start, days.day_date,
    arg_max(days.star_count, days.asked_at) as star_count,
    max(days.asked_at) >= days.day_date + interval 1 day as is_over, max(days.asked_at) as asked_at,
    arg_max(days.source_file, days.asked_at) as source_file
from days
inner join frameworks on lower(frameworks.github_repo) = days.repository
group by frameworks.framework, days.day_date
