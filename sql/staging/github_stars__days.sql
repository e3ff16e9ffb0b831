-- Stars given to a repository by day, as a refresh was told them.
-- @grain repository, asked_at, day_date
-- @column week_start: first day of the week that the day was listed in, a Sunday
-- @column day_date: day, by GitHub's calendar
-- @column star_count: stars given on the day that had not been taken back when we asked
-- @fail star_count >= 0
with
-- Each refresh tells the newest thirty weeks again: the first of a month and the last one of all tell enough. The first
-- of a month is the one from which stars at the end of the month before are reckoned.
chosen as (
    select subject, min(asked_at) as asked_at
    from raw.github_stars_answers
    where kind = 'history' and part = '1'
    group by subject, date_trunc('month', asked_at)
    union
    select subject, max(asked_at) as asked_at
    from raw.github_stars_answers
    where kind = 'history' and part = '1'
    group by subject
),

weeks as (
    select
        answers.subject as repository, answers.asked_at, answers._source_file as source_file,
        unnest(from_json(answers.body, '[{"week": "VARCHAR", "days": ["VARCHAR"]}]')) as listed
    from raw.github_stars_answers as answers
    left join chosen on chosen.subject = answers.subject and chosen.asked_at = answers.asked_at
    where answers.kind = 'history' and (answers.part <> '1' or chosen.subject is not null)
),

days as (
    select
        repository, asked_at, source_file,
        -- GitHub does not promise that its midnight is that of UTC: the nearest midnight names the day it means.
        date '1970-01-01' + round(listed.week::bigint / 86400)::integer as week_start,
        unnest(listed.days)::bigint as star_count,
        generate_subscripts(listed.days, 1) as day_number
    from weeks
)

-- Pages shift by a week on Sundays, so that a week can come at the end of one page and at the head of the next.
select
    repository, asked_at, week_start,
    week_start + (day_number - 1)::integer as day_date,
    star_count, source_file
from days
qualify row_number() over (partition by repository, asked_at, week_start, day_number order by source_file desc) = 1
