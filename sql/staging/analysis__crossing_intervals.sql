-- 95 percent intervals of the dates of crossings, by bootstrap (flows/warehouse/analysis/crossing_intervals.py).
-- @grain line, run
-- @column crossed_low: earliest period; null where open
-- @column crossed_high: latest period; null where open
select line, run, crossed_low, crossed_high
from raw.analysis_crossing_intervals
