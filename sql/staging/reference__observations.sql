-- Embedded reference figures, one row a figure.
-- @grain source, series, population, grain, period_start, framework
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column period_start: first day of the period
-- @column framework: framework, label or answer
-- @column value: the figure, in `unit`
-- @column base: what the figure is a part of; null where there is none
-- @column unit: what `value` counts
-- @column quality: full, sample, digitised, decoded, published or fitted_base
-- @column reference: key of staging.reference__references
-- @fail source is not null and series is not null and population is not null and framework is not null
-- @fail grain_order(grain) is not null
-- @fail quality_rank(quality) is not null
-- @fail value >= 0
-- @fail base is null or base >= value
select
    source,
    series,
    population,
    grain,
    period as period_start,
    framework,
    value,
    base,
    unit,
    quality,
    reference
from raw.reference_observations
