-- A lasting change of leader has one plain date: where single periods date it and the walk over leads has the same leader at
-- the end, since when that one leads.
select
    crossovers.source, crossovers.series, crossovers.population, crossovers.grain, crossovers.framework_a,
    crossovers.framework_b, crossovers.crossed_period, leads.led_since
from marts.crossovers as crossovers
inner join marts.leads as leads using (source, series, population, grain, framework_a, framework_b)
where crossovers.is_lasting and leads.is_latest and leads.leader = crossovers.leader_after
    and starts_with(crossovers.method, 'single') and leads.led_since > crossovers.first_period
    and leads.led_since <> crossovers.crossed_period
