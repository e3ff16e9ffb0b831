-- Where does JAX occur, since when, and what is its newest figure?
-- Put another id from marts.frameworks in its place.
select
    source,
    series,
    population,
    grain,
    unit,
    min(period_start) as first_period,
    max(period_start) as latest_period,
    count(*) as periods,
    round(arg_max(value, period_start), 2) as latest_value,
    round(arg_max(share_pct, period_start), 2) as latest_share_pct
from marts.framework_shares
where framework = 'jax' and value > 0
group by source, series, population, grain, unit
order by source, series, population, grain
