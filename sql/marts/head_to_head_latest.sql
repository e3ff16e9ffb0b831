-- The newest period of every pair that can say who leads, since when, and the sentence that every page and command tells.
-- @grain source, series, population, grain, framework_a, framework_b
-- @columns source, series, population, grain, framework_a, framework_b
-- @column period_start: first day of the newest period in which the pair may be drawn
-- @columns a_value, b_value, pair_value, a_share_of_pair_pct, low_pct, high_pct, leader, leader_share_pct
-- @columns leader_low_pct, leader_high_pct
-- @column is_order_open: the reading's interval holds a half, or the curve under the line is not sure, or both are equal
-- @columns is_lead_proven
-- @column is_stock: all that gathered up to the day is counted: a framework has more, it does not lead now
-- @column ahead_pct: probability in percent that the curve has framework_a ahead in the period; null without a curve
-- @columns led_since, first_period, is_headline, sentence, detail, origin
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

-- Months stand under the quarters that a chart draws; the last one in the period speaks for it.
curves as (
    select
        latest.source, latest.series, latest.population, latest.grain, latest.framework_a, latest.framework_b,
        arg_max(curves.ahead_pct, points.period_start) as ahead_pct,
        arg_max(points.sd_pct, points.period_start) as sd_pct
    from latest
    inner join intermediate.pair_lines as lines
        on lines.source = latest.source
        and lines.series = latest.series
        and lines.population = latest.population
        and lines.grain in (latest.grain, if(latest.grain = 'quarter', 'month', latest.grain))
        and lines.framework_a = latest.framework_a
        and lines.framework_b = latest.framework_b
    inner join intermediate.pair_smoothed as points
        on points.line = lines.line
        and points.period_start >= latest.period_start
        and points.period_start < next_start(latest.grain, latest.period_start)
    left join staging.analysis__curves as curves
        on curves.line = points.line and curves.period_start = points.period_start
    group by latest.source, latest.series, latest.population, latest.grain, latest.framework_a, latest.framework_b
),

-- What counts no members errs as its single periods scatter around their windows.
judged as (
    select
        latest.* exclude (is_order_open),
        curves.ahead_pct,
        if(latest.leader = latest.framework_b, 100 - curves.ahead_pct, curves.ahead_pct) as sure_pct,
        latest.is_order_open
            or coalesce(latest.low_pct is null and abs(latest.a_share_of_pair_pct - 50) <= 1.96 * curves.sd_pct, false)
            as is_reading_open
    from latest
    left join curves using (source, series, population, grain, framework_a, framework_b)
),

named as (
    select
        latest.*,
        populations.is_stock,
        if(populations.is_stock, latest.leader is null,
            latest.is_reading_open or coalesce(latest.sure_pct <= 97.5, false)) as is_order_open,
        not populations.is_stock and not latest.is_reading_open and coalesce(latest.sure_pct > 97.5,
            latest.low_pct is not null and periods_per_year(latest.grain) <= 2) as is_lead_proven,
        latest.a_value - before.a_value as a_gained,
        latest.b_value - before.b_value as b_gained,
        a.label as label_a,
        b.label as label_b,
        if(latest.leader = latest.framework_b, b.label, a.label) as leader_label,
        if(latest.leader = latest.framework_b, a.label, b.label) as other_label,
        period_words(latest.grain, latest.period_start) as period_words,
        sources.subject || if(latest.source = 'conference_papers', ' at ' || latest.population, '') as topic,
        populations.label as population_label,
        coalesce(populations.is_preferred and headline.source is not null, false) as is_headline
    from judged as latest
    inner join staging.reference__frameworks as a on a.framework = latest.framework_a
    inner join staging.reference__frameworks as b on b.framework = latest.framework_b
    inner join staging.reference__sources as sources on sources.source = latest.source
    inner join intermediate.series_populations as populations
        on populations.source = latest.source
        and populations.series = latest.series
        and populations.population = latest.population
        and populations.grain = latest.grain
    left join marts.head_to_head as before
        on populations.is_stock
        and before.source = latest.source
        and before.series = latest.series
        and before.population = latest.population
        and before.grain = latest.grain
        and before.framework_a = latest.framework_a
        and before.framework_b = latest.framework_b
        and before.period_start = latest.period_start - interval 12 month
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
    is_lead_proven,
    is_stock,
    ahead_pct,
    if(leader is null, null, led_since) as led_since,
    first_period,
    is_headline,
    pair_sentence(named) || if(is_headline, '.', format(' ({}).', population_label)) as sentence,
    pair_detail(named) as detail,
    origin,
    quality
from named
