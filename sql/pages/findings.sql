-- The first sentences of the site: who passed whom at each source, and who never did, in the series that speak for them.
-- @grain source, kind
-- @columns source
-- @column kind: crossover or never crossed
-- @column leader: the one ahead afterwards
-- @columns sentence
-- @column period_start: period of the crossing; for others the last period with figures
with

speaking as (
    -- Months may date a change that quarters tell, so that any grain of the series speaks.
    select distinct populations.source, populations.series, populations.population
    from marts.populations as populations
    inner join marts.source_status as sources
        on sources.source = populations.source and sources.headline_series = populations.series
    where populations.is_speaking
)

select
    findings.source,
    findings.kind,
    findings.leader,
    findings.sentence,
    findings.period_start
from marts.findings as findings
inner join speaking using (source, series, population)
where findings.kind <> 'claim refuted'
qualify row_number() over (
    partition by findings.source, findings.kind order by findings.period_start desc, findings.position
) = 1
order by findings.kind, findings.period_start, findings.position
