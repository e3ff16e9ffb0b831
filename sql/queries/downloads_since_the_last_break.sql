-- Whose downloads grew most since the counting last changed?
-- Levels before and after a break are not comparable, so only the months after the newest one are read.
with

months as (
    select shares.framework, shares.period_start, shares.value
    from marts.framework_shares as shares
    where shares.source = 'pypi_downloads'
        and shares.population = 'all installers'
        and shares.period_start >= (
            select max(event_date) from marts.events where is_break and source = 'pypi_downloads'
        )
)

select
    framework,
    min(period_start) as first_month,
    max(period_start) as latest_month,
    arg_min(value, period_start)::bigint as first_downloads_per_day,
    arg_max(value, period_start)::bigint as latest_downloads_per_day,
    round(arg_max(value, period_start) / arg_min(value, period_start), 2) as growth_factor
from months
group by framework
having count(*) > 1 and arg_min(value, period_start) > 0
order by growth_factor desc, framework
