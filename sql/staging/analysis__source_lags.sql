-- Shifts in months at which two sources' shares of a pair correlate best (flows/warehouse/analysis/source_lags.py).
-- @grain line, other_line
-- @column line: line of the first source
-- @column other_line: line of the second
-- @column lag_months: months by which the second runs behind the first; negative where it runs ahead
-- @column lag_low: lower end of the 95 percent interval
-- @column lag_high: upper end
-- @column correlation: at that shift
-- @column correlation_unshifted: without a shift
-- @column common_months: months compared at that shift
select
    line,
    other_line,
    lag_months,
    lag_low,
    lag_high,
    correlation,
    correlation_unshifted,
    common_months
from raw.analysis_source_lags
