-- The curve under each line of a pair, and how sure it is who is ahead (flows/warehouse/analysis/curves.py).
-- @grain line, period_start
-- @column line: number of the source, series, population, grain and pair
-- @column period_start: first day of the period
-- @column curve_pct: the curve: share of the first framework without the noise of single periods
-- @column ahead_pct: probability in percent that the curve has the first framework ahead
-- @fail ahead_pct between 0 and 100 and curve_pct is not null
select
    line,
    period_start,
    curve_pct,
    ahead_pct
from raw.analysis_curves
