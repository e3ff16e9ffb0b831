-- Months between the dates at which two sources passed a level (flows/warehouse/analysis/source_lags.py).
-- @grain line, other_line, is_a, level_pct
-- @column line: line of the first source
-- @column is_a: the first framework of the pair passed the level, not the second
-- @column level_pct: the level, a share of both
-- @column months_low: months by which the second source passed it later, lower end of the 95 percent interval
-- @column months_high: upper end; both are negative where the second was earlier
select line, other_line, is_a, level_pct, months_low, months_high
from raw.analysis_source_lags
