-- The first sentences of the site: who passed whom at each source, and who never did, in the series that speak for them.
-- @grain source, kind
-- @columns source
-- @column kind: crossover or never crossed
-- @column leader: the one ahead afterwards
-- @columns sentence
-- @column period_start: period of the crossing; for others the last period with figures
with

speaking as (
    select distinct source, series, population from pages.options where is_headline
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
