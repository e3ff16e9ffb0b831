-- Two frameworks against each other over trailing and centred windows, for every compared pair and source.
-- @grain source, series, population, grain, period_start, framework_a, framework_b
-- @columns source, series, population
-- @column grain: length of the period; editions have no window beyond themselves
-- @columns period_start, framework_a, framework_b, pair_value
-- @column a_share_of_pair_pct: the first's share of both in the period alone
-- @column trailing_pct: over the 6 months, 13 weeks or one edition that end with the period
-- @column centred_pct: over 3 months or 6 weeks either side, weighted by members where they are counted
-- @columns error_pct
-- @column curve_pct: the curve under the shares, without the noise of single periods; null where none is drawn
-- @column curve_low_pct: lower end of its 95 percent interval
-- @columns curve_high_pct
-- @column is_small_base: under 30 members in the period, where members are counted
-- @fail trailing_pct between 0 and 100 and centred_pct between 0 and 100
select
    held.source, held.series, held.population, held.grain, held.period_start, held.framework_a, held.framework_b,
    smoothed.pair_value, smoothed.share_pct as a_share_of_pair_pct, smoothed.trailing_pct, smoothed.centred_pct,
    smoothed.sd_pct as error_pct, curves.curve_pct, curves.curve_low_pct, curves.curve_high_pct,
    smoothed.error_model = 'counts' and smoothed.pair_value < 30 as is_small_base
from intermediate.pair_smoothed as smoothed
inner join intermediate.pair_values as held using (line, period_start)
left join staging.analysis__curves as curves using (line, period_start)
