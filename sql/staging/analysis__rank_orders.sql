-- The orders that the first three have under all weightings of the newest readings (flows/warehouse/analysis/acceptability.py).
-- @grain first_places
-- @column acceptability_pct: share of all weightings under which the first places are these
select first_places, acceptability_pct
from raw.analysis_rank_orders
