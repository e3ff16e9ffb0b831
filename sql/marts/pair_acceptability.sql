-- Under which share of all ways to weigh the sources one framework leads another, and what the other one would need.
-- Weights are uniform over the kinds of evidence, then over the sources of a kind. A framework leads where the weighted mean
-- of its shares of the pair exceeds a half; each reading has its error. Shares are weighed, not votes counted: in close years
-- votes say another thing. Each pair stands both ways. A year has a row from three sources of two kinds on.
-- @grain year, framework_a, framework_b
-- @column year: the year, or newest: the newest twelve months of each source
-- @column framework_a: the one said to lead
-- @columns framework_b
-- @column source_count: sources that know both
-- @columns kind_count, acceptability_pct, needed_pct, needed_source, together_needed_pct, ahead_weight_pct
-- @fail source_count >= 3 and kind_count >= 2 and kind_count <= source_count and framework_a <> framework_b
-- @fail acceptability_pct between 0 and 100
-- @fail (needed_pct is null) = (needed_source is null) and (needed_pct is null) = (together_needed_pct is null)
-- @fail needed_pct is null or (needed_pct > 0 and needed_pct <= 100)
-- @fail together_needed_pct is null or together_needed_pct between ahead_weight_pct - 1e-9 and 100
-- @fail ahead_weight_pct between 0 and 100 + 1e-9
select
    year, framework_a, framework_b, source_count, kind_count, acceptability_pct, needed_pct, needed_source,
    together_needed_pct, ahead_weight_pct
from staging.analysis__pair_acceptability
order by year, framework_a, framework_b
