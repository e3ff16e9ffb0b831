-- Posts of the hiring threads by month, and how many name each framework.
-- @grain period_start, framework
-- @columns period_start, framework, post_count, post_total, source_file
-- @fail post_count between 0 and post_total
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
)

select
    months.period_start, frameworks.framework,
    coalesce(counts.post_count, 0) as post_count,
    months.post_total, months.source_file
from months
cross join frameworks
left join counts on counts.period_start = months.period_start and counts.framework = frameworks.framework
