-- Who leads a pair, in one sentence: every compared pair in every choice that a chart offers, newest period.
-- @grain source, series, population, framework_a, framework_b
-- @columns source, series, population, grain, framework_a, framework_b, is_headline, leader, is_order_open
-- @column period_start: first day of the newest period that can say so
-- @columns period_label, led_since, first_period, a_share_of_pair_pct, low_pct, high_pct, sentence, detail, origin
-- @columns quality
-- @fail sentence is not null and detail is not null
select
    latest.source,
    latest.series,
    latest.population,
    latest.grain,
    latest.framework_a,
    latest.framework_b,
    latest.is_headline,
    latest.leader,
    latest.is_order_open,
    latest.period_start,
    period_label(latest.grain, latest.period_start) as period_label,
    latest.led_since,
    latest.first_period,
    latest.a_share_of_pair_pct,
    latest.low_pct,
    latest.high_pct,
    latest.sentence,
    latest.detail,
    latest.origin,
    latest.quality
from marts.head_to_head_latest as latest
inner join intermediate.figure_options as options
    on options.source = latest.source
    and options.series = latest.series
    and options.population = latest.population
    and options.grain = latest.grain
    and options.choice = options.population
