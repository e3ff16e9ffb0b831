-- Adoption of every framework by every source over time: count, base, share and its interval.
-- @grain source, series, population, grain, period_start, framework
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column grain: length of the period: week, month, quarter, year, edition, window or day
-- @column period_start: first day of the period
-- @column framework: framework, label or answer; see marts.frameworks
-- @column value: the figure, in `unit`
-- @column base: what the figure is a part of; null where there is none
-- @column share_pct: value as a share of base, 0 to 100; null without a base
-- @column share_low_pct: lower end of the 95 percent Wilson interval; null unless value counts members of base
-- @column share_high_pct: upper end of that interval
-- @column unit: what `value` counts
-- @column origin: live, cached, imported or reference
-- @column quality: full, sample, digitised, decoded, published or fitted_base
-- @column retrieved_at: when the figures were fetched or read, UTC
-- @column reference: where they come from; see marts.references
-- @fail share_pct is null or share_pct between 0 and 100
-- @fail share_low_pct is null or share_pct between share_low_pct - 1e-9 and share_high_pct + 1e-9
-- @warn share_low_pct is null or base >= 30: shares with a base below 30; their intervals are wide
with

observations as (
    select * from intermediate.observations
),

series as (
    select * from intermediate.series_populations
)

select
    observations.source,
    observations.series,
    observations.population,
    observations.grain,
    observations.period_start,
    observations.framework,
    observations.value,
    observations.base,
    100 * observations.value / nullif(observations.base, 0) as share_pct,
    if(series.is_binomial, wilson_low_pct(observations.value, observations.base), null) as share_low_pct,
    if(series.is_binomial, wilson_high_pct(observations.value, observations.base), null) as share_high_pct,
    observations.unit,
    observations.origin,
    observations.quality,
    observations.retrieved_at,
    observations.reference
from observations
inner join series
    on series.source = observations.source
    and series.series = observations.series
    and series.population = observations.population
order by
    series.series_order,
    observations.population,
    observations.grain,
    observations.period_start,
    observations.framework
