-- The order under the weightings that the site offers: all sources alike in every year, and today those of one audience.
-- @grain year, preset, framework
-- @column year: the year, or newest: the newest twelve months of each source
-- @columns preset, framework
-- @column rank: place under this weighting, 1 first
-- @column source_count: sources that the weighting has
-- @columns kind_count, leads_pct, before_next_pct
-- @fail rank >= 1 and source_count >= kind_count
-- @fail leads_pct is null or leads_pct between 0 and 100
select year, preset, framework, rank, source_count, kind_count, leads_pct, before_next_pct
from staging.analysis__preset_ranks
order by year, preset, rank
