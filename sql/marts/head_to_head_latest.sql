-- The newest period of every pair that can say who leads, since when, and the sentence that every page and command tells.
-- @grain source, series, population, grain, framework_a, framework_b
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column period_start: first day of the newest period in which the pair may be drawn
-- @column a_value: figure of the first
-- @column b_value: figure of the second
-- @column pair_value: both together
-- @column a_share_of_pair_pct: a_value as a share of both, 0 to 100
-- @column low_pct: lower end of its 95 percent Wilson interval; null where no members are counted
-- @column high_pct: upper end of that interval
-- @column leader: the one with the greater figure; null if they are equal
-- @column leader_share_pct: share of the leader in both
-- @column leader_low_pct: lower end of its 95 percent Wilson interval; null where no members are counted
-- @column leader_high_pct: upper end of that interval
-- @column is_order_open: the interval holds a half, or the figures are equal
-- @column led_since: first period of the stretch in which the leader was ahead without a break; null without one
-- @column first_period: first period of the pair with figures
-- @column is_headline: the reading that speaks for its source on the first page
-- @column sentence: who leads, in one sentence
-- @column detail: counts, share, interval, since when and population, in words
-- @column origin: live, cached, imported or reference
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
