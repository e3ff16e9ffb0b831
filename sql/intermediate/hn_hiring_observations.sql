-- Hiring posts of twelve months that name a framework, in the schema that all sources share.
-- @grain series, population, period_start, framework
-- @columns source, series, population, grain
-- @column period_start: first day of the last of the twelve months
-- @columns framework
-- @column value: posts that name the framework; no row before its first mention
-- @column base: all posts of the twelve months
-- @columns unit, quality, reference, source_file
-- @fail value between 0 and base
with
monthly as (from intermediate.hn_hiring_monthly),

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
