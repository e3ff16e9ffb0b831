-- Figures that another machine made of files which do not travel; read out of a bundle.
-- @grain source_file, series, population, grain, period_start, framework
-- @column source_file: landed file of that machine, behind "bundle/"
-- @fail starts_with(source_file, 'bundle/')
-- @fail value >= 0
select
    source, series, population, grain, period_start, framework, value, base, unit, quality, reference, source_file
from raw.bundle_observations
