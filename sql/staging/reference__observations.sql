-- Embedded reference figures, one row per figure.
-- @grain source, series, population, grain, period_start, framework
-- @fail source is not null and series is not null and population is not null and framework is not null
-- @fail reference is not null
-- @fail grain_order(grain) is not null
-- @fail quality_rank(quality) is not null
-- @fail value >= 0
-- @fail base is null or base >= value
select
    source, series, population, grain, period as period_start, framework, value, base, unit, quality, reference
from raw.reference_observations
