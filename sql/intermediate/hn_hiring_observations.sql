-- Hiring posts of twelve months that name a framework, in the schema that all sources share.
-- @grain series, population, period_start, framework
-- @column period_start: first day of the last of the twelve months
-- @column value: posts that name the framework; no row before its first mention
-- @column base: all posts of the twelve months
-- @fail value between 0 and base
with
posts as (from staging.hn_hiring__posts),

words as (
    select framework, lower(label) as word
    from staging.reference__frameworks
    where is_framework
    union
    select framework, name as word
    from staging.reference__framework_names
    where used_for = 'hiring_word'
),

frameworks as (select distinct framework from words),

months as (
    select thread_month as period_start, count(*) as post_total, max(source_file) as source_file
    from posts
    group by thread_month
),

mentions as (select distinct thread_month, post_id, unnest(words) as word from posts),

counts as (
    select
        mentions.thread_month as period_start, words.framework,
        count(distinct mentions.post_id) as post_count
    from mentions
    inner join words using (word)
    group by mentions.thread_month, words.framework
),

-- Posts of the hiring threads by month, and how many name each framework.
monthly as (
    select
        months.period_start, frameworks.framework,
        coalesce(counts.post_count, 0) as post_count,
        months.post_total, months.source_file
    from months
    cross join frameworks
    left join counts on counts.period_start = months.period_start and counts.framework = frameworks.framework
),

first_mentions as (
    select framework, min(period_start) as first_month
    from monthly
    where post_count > 0
    group by framework
),

windows as (
    select
        last_month.period_start, last_month.framework, last_month.source_file,
        sum(monthly.post_count) as post_count,
        sum(monthly.post_total) as post_total
    from monthly as last_month
    inner join monthly
        on monthly.framework = last_month.framework
        and monthly.period_start between last_month.period_start - interval 11 month and last_month.period_start
    group by last_month.period_start, last_month.framework, last_month.source_file
    -- A thread that is not landed yet would look like a fall.
    having count(*) = 12
)

select
    'hn_hiring' as source, 'posts_12_months' as series, 'hiring threads' as population, 'month' as grain,
    windows.period_start, windows.framework, windows.post_count::double as value, windows.post_total::bigint as base,
    'posts' as unit, 'full' as quality, null::varchar as reference, windows.source_file
from windows
inner join first_mentions using (framework)
where first_mentions.first_month <= windows.period_start
