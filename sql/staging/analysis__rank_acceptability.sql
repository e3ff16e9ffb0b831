-- Under which share of all weightings each framework has each rank (flows/warehouse/analysis/acceptability.py).
-- @grain year, framework, rank
-- @column year: the year, or newest: the newest twelve months of each source
-- @column rank: place among the frameworks of the year, 1 first
select year, framework, rank, source_count, kind_count, acceptability_pct
from raw.analysis_rank_acceptability
