-- Under which share of all weightings one framework leads another, as computed (flows/warehouse/analysis/acceptability.py).
-- @grain year, framework_a, framework_b
-- @column year: the year, or newest: the newest twelve months of each source
-- @column framework_a: the one said to lead
select
    year, framework_a, framework_b, source_count, kind_count, acceptability_pct, needed_pct, needed_source,
    together_needed_pct, ahead_weight_pct
from raw.analysis_pair_acceptability
