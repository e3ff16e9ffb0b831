-- Who led each pair from when to when: stretches of periods with one leader, walked once for all that tell a lead.
-- Only periods count in which the pair may be drawn: both are out, over one base, with at least 30 members together.
-- @grain source, series, population, grain, framework_a, framework_b, lead_number
-- @columns source, series, population, grain, framework_a, framework_b, lead_number
-- @column leader: the one with the greater figure in every period of the stretch; null while they are equal
-- @column led_since: first period of the stretch
-- @columns led_until, period_count, is_latest, is_from_start, first_period, behind_until
-- @fail led_since <= led_until and period_count >= 1 and led_since >= first_period
with
readings as (from marts.head_to_head where a_share_of_pair_pct is not null),

-- From here on a number stands for the six columns of a pair: matching texts again and again would take most of the time.
lines as (
    select
        source, series, population, grain, framework_a, framework_b, row_number() over () as line,
        min(period_start) as first_period
    from readings
    group by source, series, population, grain, framework_a, framework_b
),

periods as (
    select lines.line, readings.period_start, readings.leader
    from readings
    inner join lines using (source, series, population, grain, framework_a, framework_b)
    where readings.is_pair_drawn
),

changes as (
    select *, row_number() over walk = 1 or leader is distinct from lag(leader) over walk as is_change
    from periods
    window walk as (partition by line order by period_start)
),

numbered as (
    select *, count(*) filter (where is_change) over (partition by line order by period_start) as lead_number
    from changes
),

stretches as (
    select
        line, lead_number::bigint as lead_number, any_value(leader) as leader,
        min(period_start) as led_since, max(period_start) as led_until,
        count(*) as period_count
    from numbered
    group by line, lead_number
)

select
    lines.source, lines.series, lines.population, lines.grain, lines.framework_a, lines.framework_b,
    stretches.lead_number, stretches.leader, stretches.led_since, stretches.led_until, stretches.period_count,
    stretches.lead_number = max(stretches.lead_number) over (partition by stretches.line) as is_latest,
    stretches.led_since = lines.first_period as is_from_start,
    lines.first_period,
    if(lines.grain <> 'edition' and next_start(lines.grain, before.led_until) < stretches.led_since, before.led_until, null)
        as behind_until
from stretches
inner join lines using (line)
left join stretches as before on before.line = stretches.line and before.lead_number = stretches.lead_number - 1
