-- Every change of leader between two frameworks, with its periods by name: a month is a month, an edition an edition.
-- @grain source, series, population, grain, framework_a, framework_b, crossed_period
-- @column crossed_period: the plain date of marts.crossovers
select
    crossovers.source, sources.label as source_label, crossovers.series, crossovers.population, crossovers.grain,
    crossovers.framework_a, crossovers.framework_b, before.label as label_before, now_ahead.label as label_after,
    crossovers.crossed_period,
    period_label(crossovers.grain, crossovers.crossed_period) as crossed_label,
    period_label(crossovers.grain, coalesce(crossovers.crossed_low, crossovers.behind_until)) as low_label,
    period_label(crossovers.grain,
        coalesce(crossovers.crossed_high, if(behind_until is null, null, crossovers.crossed_period))) as high_label,
    crossovers.is_lasting
from marts.crossovers as crossovers
inner join marts.source_status as sources using (source)
inner join marts.frameworks as before on before.framework = crossovers.leader_before
inner join marts.frameworks as now_ahead on now_ahead.framework = crossovers.leader_after
order by sources.headline_order, crossovers.series, crossovers.population, crossovers.crossed_period
