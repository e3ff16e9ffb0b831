-- The curve under each line of a pair, and how sure it is who is ahead (flows/warehouse/analysis/curves.py).
-- @grain line, period_start
-- @columns line, period_start, curve_pct, ahead_pct
-- @fail ahead_pct between 0 and 100 and curve_pct is not null
select
    line,
    period_start,
    curve_pct,
    ahead_pct
from raw.analysis_curves
