-- The series that may speak for a source on the first page, the best one first, and which kind of evidence each is.
-- A source without a row here has no headline and no chart: choose its series with care.
-- @grain source, headline_order
-- @column series: what is counted over which base; what it counts is closest to plain use
-- @column population: population that must have figures for the row to speak; null where any may
-- @fail kind in ('Research', 'Search', 'Surveys', 'Developer activity')
-- @fail audience in ('research', 'industry', 'learners')
-- @fail series is not null and grain_order(grain) is not null
select source, series, population, grain, kind, audience, _line as headline_order
from raw.reference_headline_series
