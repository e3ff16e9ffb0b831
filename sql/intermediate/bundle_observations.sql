-- Figures from bundles, as one more source of observations; those of files that are landed here stand aside for them.
-- @grain source_file, series, population, grain, period_start, framework
-- @columns source, series, population, grain, period_start, framework, value, base, unit, quality, reference
-- @column source_file: landed file of that machine, behind "bundle/"
-- @fail starts_with(source_file, 'bundle/')
select figures.*
from staging.bundle__observations as figures
anti join staging.refresh__landings as landings on 'bundle/' || landings.source_file = figures.source_file
