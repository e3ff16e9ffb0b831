-- No figure in use is lost on its way to the mart (a population without a row in series.csv would be).
select observations.source, observations.series, observations.population, count(*) as row_count
from intermediate.observations as observations
anti join marts.framework_shares as shares using (source, series, population, grain, period_start, framework)
group by observations.source, observations.series, observations.population
