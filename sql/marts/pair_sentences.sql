-- Who leads a pair, in one sentence: every compared pair in every choice that a chart offers, newest period.
-- @grain source, series, population, framework_a, framework_b
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column is_headline: the choice that speaks for the source
-- @column leader: the one with the greater figure; null where they are equal
-- @column is_order_open: the interval holds one half, or the figures are equal
-- @column period_start: first day of the newest period that can say so
-- @column period_label: its name
-- @column led_since: first period from which the leader had more in every period with figures
-- @column first_period: first period with figures of the pair
-- @column a_share_of_pair_pct: figure of the first as a share of both
-- @column low_pct: lower end of the 95 percent Wilson interval of that share
-- @column high_pct: upper end
-- @column sentence: the finding
-- @column detail: its numbers, interval and dates
-- @column origin: live, cached, imported or reference
-- @column quality: full, sample, digitised, decoded, published or fitted_base
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
