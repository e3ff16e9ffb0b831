-- The curve under each line of a pair, and how sure it is who is ahead (flows/warehouse/analysis/curves.py).
-- @grain line, period_start
-- @column ahead_pct: probability in percent that the curve has the first framework ahead; null for editions
-- @fail coalesce(ahead_pct between 0 and 100, true) and curve_pct between curve_low_pct and curve_high_pct
select line, period_start, curve_low_pct, curve_pct, curve_high_pct, ahead_pct
from raw.analysis_curves
