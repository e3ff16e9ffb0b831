-- The orders of the first three under all weightings of the newest readings: how typical a reader's own order is.
-- @grain first_places
-- @columns first_places
-- @column acceptability_pct: share of all weightings under which the first places are these
-- @fail acceptability_pct > 0 and acceptability_pct <= 100
select first_places, acceptability_pct
from staging.analysis__rank_orders
order by acceptability_pct desc, first_places
