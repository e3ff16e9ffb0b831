-- How fast one framework of a pair gains on the other, where the log odds are straight (flows/warehouse/analysis).
-- @grain line
-- @column first_period: first period of the stretch between two breaks that was fitted
-- @column last_period: last period of it
-- @column is_thin: the smaller framework has under 10 members, too few for a rate
-- @column rate_per_year: yearly change of the log odds; null where thin or not straight
-- @column rate_low: lower end of its 95 percent interval
-- @column rate_high: upper end
-- @fail straight_pct between 0 and 100.001 and risen_pct between 0 and 100
select
    line, first_period, last_period, point_count, is_thin, straight_pct, risen_pct, rate_per_year, rate_low, rate_high
from raw.analysis_rates
