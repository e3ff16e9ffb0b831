-- Figures from bundles, as one more source of observations; those of files that are landed here stand aside for them.
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
select figures.*
from staging.bundle__observations as figures
anti join staging.refresh__landings as landings
    on 'bundle/' || landings.source_file = figures.source_file
