-- How many answers or links stand behind the shares of each series?
-- Below 30 a share says little; the page then gives counts in place of a headline number.
select
    source,
    series,
    population,
    grain,
    count(distinct period_start) as periods,
    min(base) as smallest_base,
    median(base)::bigint as median_base,
    max(base) as largest_base,
    count(distinct period_start) filter (where base < 30) as periods_below_30
from marts.framework_shares
where base is not null
group by source, series, population, grain
order by source, series, population, grain
