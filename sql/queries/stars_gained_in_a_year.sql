-- Which repositories gained most stars in the last twelve months on record?
-- Stars pile up and are hardly ever taken back: the gain tells more of today than the total.
select
    latest.framework,
    latest.period_start as latest_month,
    latest.value::bigint as stars,
    (latest.value - earlier.value)::bigint as gained,
    round(100.0 * (latest.value - earlier.value) / earlier.value, 1) as growth_pct
from marts.framework_shares as latest
inner join marts.framework_shares as earlier
    on earlier.source = latest.source and earlier.series = latest.series
    and earlier.population = latest.population and earlier.grain = latest.grain
    and earlier.framework = latest.framework
    and earlier.period_start = latest.period_start - interval 12 months
where latest.source = 'github_stars'
qualify latest.period_start = max(latest.period_start) over (partition by latest.framework)
order by gained desc
