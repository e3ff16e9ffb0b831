-- A period of a population has one origin and one base definition: origins are never mixed within a period.
select source, series, population, grain, period_start, count(distinct origin) as origin_count
from marts.framework_shares
group by source, series, population, grain, period_start
having count(distinct origin) > 1
