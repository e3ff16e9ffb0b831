-- The order under the weightings that the site offers: all sources alike, or those of one audience
-- (flows/warehouse/analysis/acceptability.py).
-- @grain year, preset, framework
-- @column year: the year, or newest: the newest twelve months of each source
-- @column rank: place under this weighting, 1 first
-- @column source_count: sources that the weighting has
select year, preset, framework, rank, source_count, kind_count, leads_pct, before_next_pct
from raw.analysis_preset_ranks
