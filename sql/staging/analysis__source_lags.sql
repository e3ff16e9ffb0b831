-- Shifts in months at which two sources' shares of a pair correlate best (flows/warehouse/analysis/source_lags.py).
-- @grain line, other_line
-- @column line: line of the first source
-- @columns other_line, lag_months
-- @column lag_low: lower end of the 95 percent interval
-- @columns lag_high
-- @column correlation: at that shift
-- @columns correlation_unshifted, common_months
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
