-- Figures that another machine made of files which do not travel; read out of a bundle.
-- @grain source_file, series, population, grain, period_start, framework
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column period_start: first day of the period
-- @column framework: framework, label or answer
-- @column value: the figure, in `unit`
-- @column base: what the figure is a part of; null where there is none
-- @column unit: what `value` counts
-- @column quality: full, sample, digitised, decoded, published, fitted_base or detected
-- @column reference: key of staging.reference__references
-- @column source_file: landed file of that machine, behind "bundle/"
-- @fail starts_with(source_file, 'bundle/')
-- @fail value >= 0
select
    source,
    series,
    population,
    grain,
    period_start,
    framework,
    value,
    base,
    unit,
    quality,
    reference,
    source_file
from raw.bundle_observations
