-- The newest ranking as bars: under which share of the weightings each framework has each rank, one part of a bar each.
-- @grain framework, rank
-- @column place: place of the bar from above: the order when all sources count alike
-- @column rank: place among the frameworks, 1 first
-- @column is_drawn: it has a part of the bar at all
-- @column words: the ranks of the framework that are not rare, in words
-- @fail from_pct <= to_pct and to_pct <= 100 + 1e-6
with
ranks as (from marts.rank_acceptability where year = 'newest'),

worded as (
    select
        framework,
        string_agg(format('{} under {:.0f}', ordinal_words(rank), acceptability_pct), ', ' order by rank) as words
    from ranks
    where acceptability_pct >= 0.5
    group by framework
)

select
    ranks.framework, frameworks.label, preset.rank as place, ranks.rank,
    ordinal_words(ranks.rank) as rank_words,
    ranks.acceptability_pct,
    sum(ranks.acceptability_pct) over ranked - ranks.acceptability_pct as from_pct,
    sum(ranks.acceptability_pct) over ranked as to_pct,
    ranks.acceptability_pct > 0 as is_drawn,
    worded.words
from ranks
inner join marts.frameworks as frameworks using (framework)
inner join marts.preset_ranks as preset
    on preset.year = 'newest' and preset.preset = 'equal' and preset.framework = ranks.framework
inner join worded using (framework)
window ranked as (partition by ranks.framework order by ranks.rank rows between unbounded preceding and current row)
order by preset.rank, ranks.rank
