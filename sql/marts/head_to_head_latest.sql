-- The newest period of every pair that can say who leads, since when, and the sentence that every page and command tells.
-- @grain source, series, population, grain, framework_a, framework_b
-- @columns source, series, population, grain, framework_a, framework_b
-- @column period_start: first day of the newest period in which the pair may be drawn
-- @columns a_value, b_value, pair_value, a_share_of_pair_pct, low_pct, high_pct, leader, leader_share_pct
-- @columns leader_low_pct, leader_high_pct, is_order_open, led_since, first_period, is_headline, sentence, detail
-- @columns origin
-- @column quality: the worse one of both
-- @fail leader is null or (leader_share_pct > 50 and led_since between first_period and period_start)
-- @fail low_pct is null or pair_value >= 30
-- @fail sentence is not null and detail is not null
-- @fail low_pct is null or leader_share_pct between leader_low_pct - 1e-9 and leader_high_pct + 1e-9
with

latest as (
    select
        readings.*,
        leads.led_since,
        leads.lead_number,
        leads.is_from_start,
        leads.first_period,
        greatest(a_share_of_pair_pct, 100 - a_share_of_pair_pct) as leader_share_pct,
        if(readings.leader = readings.framework_b, 100 - high_pct, low_pct) as leader_low_pct,
        if(readings.leader = readings.framework_b, 100 - low_pct, high_pct) as leader_high_pct
    from marts.leads as leads
    inner join marts.head_to_head as readings
        on readings.source = leads.source
        and readings.series = leads.series
        and readings.population = leads.population
        and readings.grain = leads.grain
        and readings.framework_a = leads.framework_a
        and readings.framework_b = leads.framework_b
        and readings.period_start = leads.led_until
    where leads.is_latest
),

named as (
    select
        latest.*,
        a.label as label_a,
        b.label as label_b,
        if(latest.leader = latest.framework_b, b.label, a.label) as leader_label,
        if(latest.leader = latest.framework_b, a.label, b.label) as other_label,
        period_words(latest.grain, latest.period_start) as period_words,
        sources.subject || if(latest.source = 'conference_papers', ' at ' || latest.population, '') as topic,
        populations.label as population_label,
        coalesce(populations.is_preferred and headline.source is not null, false) as is_headline
    from latest
    inner join staging.reference__frameworks as a on a.framework = latest.framework_a
    inner join staging.reference__frameworks as b on b.framework = latest.framework_b
    inner join staging.reference__sources as sources on sources.source = latest.source
    inner join intermediate.series_populations as populations
        on populations.source = latest.source
        and populations.series = latest.series
        and populations.population = latest.population
        and populations.grain = latest.grain
    left join intermediate.headline_series as headline
        on headline.source = latest.source and headline.series = latest.series and headline.grain = latest.grain
)

select
    source,
    series,
    population,
    grain,
    framework_a,
    framework_b,
    period_start,
    a_value,
    b_value,
    pair_value,
    a_share_of_pair_pct,
    low_pct,
    high_pct,
    leader,
    leader_share_pct,
    leader_low_pct,
    leader_high_pct,
    is_order_open,
    if(leader is null, null, led_since) as led_since,
    first_period,
    is_headline,
    pair_sentence(named) || if(is_headline, '.', format(' ({}).', population_label)) as sentence,
    pair_detail(named) as detail,
    origin,
    quality
from named
