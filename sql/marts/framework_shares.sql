-- Adoption of every framework by every source over time: count, base, share and its interval.
-- @grain source, series, population, grain, period_start, framework
-- @columns source, series, population, grain, period_start, framework, value, base, share_pct, share_low_pct
-- @columns share_high_pct, unit, is_out, is_drawn, origin, quality, retrieved_at, reference
-- @fail share_pct is null or share_pct between 0 and 100
-- @fail share_low_pct is null or share_pct between share_low_pct - 1e-9 and share_high_pct + 1e-9
-- @warn share_low_pct is null or base >= 30: shares with a base below 30; their intervals are wide
with
observations as (from intermediate.observations),
frameworks as (from staging.reference__frameworks),

beginnings as (
    select source, series, population, grain, framework, min(period_start) as first_above_zero
    from observations
    where value > 0 and framework in (select framework from frameworks where first_release is null)
    group by source, series, population, grain, framework
)

select
    observations.source, observations.series, observations.population, observations.grain, observations.period_start,
    observations.framework, observations.value, observations.base,
    100 * observations.value / nullif(observations.base, 0) as share_pct,
    coalesce(
        observations.given_low_pct,
        if(series.is_binomial, wilson_low_pct(observations.value, observations.base, effect := series.design_effect), null)
    ) as share_low_pct,
    coalesce(
        observations.given_high_pct,
        if(series.is_binomial, wilson_high_pct(observations.value, observations.base, effect := series.design_effect), null)
    ) as share_high_pct,
    observations.unit,
    observations.period_start >= coalesce(
        period_of(observations.grain, frameworks.first_release), beginnings.first_above_zero, observations.period_start
    ) as is_out,
    coalesce(frameworks.is_framework, false) and is_out and is_enough(observations.base, series.is_binomial) as is_drawn,
    observations.origin, observations.quality, observations.retrieved_at, observations.reference
from observations
inner join intermediate.series_populations as series using (source, series, population, grain)
left join frameworks using (framework)
left join beginnings using (source, series, population, grain, framework)
order by
    series.series_order, observations.population, observations.grain, observations.period_start,
    observations.framework
