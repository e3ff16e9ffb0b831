-- Sentences for the first page beyond who leads now: who passed whom and when, who never did, and statements that fail.
-- @grain finding_id
-- @columns finding_id
-- @column position: 1 for the one named first
-- @columns source, series, population, grain
-- @column framework_a: the one that stands first in frameworks.csv; for claims the one it speaks of
-- @columns framework_b
-- @column kind: crossover, never crossed or claim refuted
-- @column leader: the one ahead afterwards; null for claims
-- @column period_start: period of the crossing; for others the last period with figures
-- @columns low_date, high_date, sentence
-- @column detail: its numbers, and what they do not say
-- @columns evidence_table, evidence_key
-- @fail sentence is not null and detail is not null
with
lines as (
    select
        lines.line, lines.source, lines.series, lines.population, lines.grain, lines.framework_a, lines.framework_b,
        lines.is_dating, pair.label_a, pair.label_b,
        sources.subject || case
            when lines.source = 'conference_papers' then ' at ' || lines.population
            -- Where two populations of a source speak, each sentence names its own.
            when count(*) over (partition by lines.source) > 1 then format(' ({})', lines.population)
            else ''
        end as topic
    from intermediate.source_lines as lines
    inner join intermediate.headline_pair as pair using (framework_a, framework_b)
    inner join marts.source_status as sources using (source)
),

-- The macros name many columns: of one value they are taken in less time.
crossings as (select *, each as crossing from marts.crossovers as each),

crossed as (
    select
        lines.*, 'crossover' as kind, crossovers.leader_after as leader, crossovers.crossed_period as period_start,
        crossovers.crossed_low as low_date, crossovers.crossed_high as high_date,
        crossing_sentence(crossing, if(leader = lines.framework_a, label_a, label_b),
            if(leader = lines.framework_a, label_b, label_a), topic) as sentence,
        crossing_detail(crossing)
            || coalesce(format(' It had more in every single {} since {}.', lines.grain, crossovers.sustained_from), '') as detail,
        'crossovers' as evidence_table, 1 as weight
    from lines
    inner join crossings as crossovers using (source, series, population, grain, framework_a, framework_b)
    where lines.is_dating and crossovers.is_lasting
),

ranges as (
    select
        lines.line, leads.leader, leads.led_since, leads.led_until as period_start,
        min(a_share_of_pair_pct) as lowest_pct,
        max(a_share_of_pair_pct) as highest_pct
    from lines
    inner join marts.leads as leads using (source, series, population, grain, framework_a, framework_b)
    inner join marts.head_to_head as readings using (source, series, population, grain, framework_a, framework_b)
    where lines.is_dating and leads.lead_number = 1 and leads.is_latest and leads.leader is not null and leads.period_count >= 3
        and readings.is_pair_drawn
    group by lines.line, leads.leader, leads.led_since, leads.led_until
),

never as (
    select
        lines.*, 'never crossed' as kind, ranges.leader, ranges.period_start,
        format('{} had more than {} in {} in every {} from {} to {}.', if(leader = framework_a, label_a, label_b),
            if(leader = framework_a, label_b, label_a), topic, grain_noun(grain), year(led_since), year(period_start))
            as sentence,
        format('The share of {} in both lay between {} and {}.', label_a, percent_words(lowest_pct),
            percent_words(highest_pct)) as detail,
        'head_to_head' as evidence_table, 2 as weight
    from lines
    inner join ranges using (line)
),

refuted as (
    select
        claims.claim_id as finding_id, 'claim refuted' as kind, claims.source, claims.series, claims.population,
        format('The statement "{}" does not fit the figures on {}{}.', claims.statement, sources.subject,
            if(claims.evidence = 'indirect', ', which only stand in for it', '')) as sentence,
        format('Measured{}: {}. {}.', coalesce(' in ' || claims.periods, ''), claims.figures, claims.reading) as detail,
        'claims' as evidence_table, 3 as weight
    from marts.claims as claims
    inner join marts.source_status as sources using (source)
    where claims.verdict = 'inconsistent'
),

found as (
    select * from crossed
    union all by name
    select * from never
    union all by name
    select * from refuted
)

select
    coalesce(finding_id, concat_ws(' ', kind, source, population)) as finding_id,
    row_number() over (order by weight, period_start, source, population, finding_id) as position,
    * exclude (finding_id, line, is_dating, label_a, label_b, topic, weight),
    concat_ws(' ', source, series, population, grain, finding_id) as evidence_key
from found
order by position
