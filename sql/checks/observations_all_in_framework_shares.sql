-- No figure in use is lost on its way to the mart (a population without a row in series.csv would be).
select
    observations.source, observations.series, observations.population,
    count(*) as row_count
from intermediate.observations as observations
anti join marts.framework_shares as shares
    on shares.source = observations.source
    and shares.series = observations.series
    and shares.population = observations.population
    and shares.grain = observations.grain
    and shares.period_start = observations.period_start
    and shares.framework = observations.framework
group by observations.source, observations.series, observations.population
