-- Under which share of all ways to weigh the sources each framework is first, second, third, year by year.
-- Ranks by additive least squares over the pairs that each source knows (HodgeRank), among deep-learning frameworks that
-- three sources of two kinds know; the ranks of a framework add up to 100.
-- @grain year, framework, rank
-- @column year: the year, or newest: the newest twelve months of each source
-- @columns framework
-- @column rank: place among the frameworks of the year, 1 first
-- @column source_count: sources that are weighed in the year
-- @columns kind_count, acceptability_pct, rank_share_sum_pct
-- @fail acceptability_pct between 0 and 100 and rank >= 1
-- @fail abs(rank_share_sum_pct - 100) < 1e-6
-- @fail source_count >= 3 and kind_count >= 2
select
    year, framework, rank, source_count, kind_count, acceptability_pct,
    sum(acceptability_pct) over (
        partition by year, framework order by rank rows between unbounded preceding and unbounded following
    ) as rank_share_sum_pct
from staging.analysis__rank_acceptability
order by year, framework, rank
