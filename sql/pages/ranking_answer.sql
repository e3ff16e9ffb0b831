-- The answer over all sources: who leads under how many of all weightings of them, and what would overturn it.
-- No row where no year has enough sources.
-- @grain framework
-- @column framework: the one that is first under most weightings of the newest readings
-- @column acceptability_pct: share of all weightings under which it is first
-- @column sentence: who leads under how many weightings of how many sources, without its end
-- @column basis: what is weighed of a source, of stocks too, and which of the weighed sources have ended
-- @fail acceptability_pct between 0 and 100 and sentence is not null
with
first as (
    select *
    from marts.rank_acceptability
    where year = 'newest' and rank = 1
    qualify row_number() over (order by acceptability_pct desc, framework) = 1
),

next as (
    select ranks.framework
    from marts.preset_ranks as ranks
    inner join first on first.framework <> ranks.framework
    where ranks.year = 'newest' and ranks.preset = 'equal'
    qualify row_number() over (order by ranks.rank) = 1
),

basis as (
    select
        concat_ws(' ',
            format('A source counts with its newest twelve months together{}.',
                coalesce(format(', of {} with what was gained in them', string_agg(sources.label, ' and ' order by source_order)
                    filter (where weighed.label <> sources.label)), '')),
            format('These get no new figures and say nothing of today: {}.', string_agg(format('{} (to {})', sources.label,
                the_label(last_label)), ', ' order by source_order) filter (where ended_note is not null))) as words
    from marts.weighed_sources as weighed
    inner join marts.source_status as sources using (source)
    where weighed.is_weighed
),

-- Years with readings, after the first one that has a ranking.
unranked as (
    select string_agg(
            format('{} has no ranking, which takes three sources of two kinds: {} of {} have readings of that whole year.', year,
                weighed_words(source_count), if(kind_count = 1, 'one kind', kind_count || ' kinds')), ' ' order by year) as words
    from (
        select year, count(distinct source) as source_count, count(distinct kind) as kind_count
        from marts.weighed_readings
        group by year
    )
    where year not in (select year from marts.rank_acceptability) and year > (select min(year) from marts.rank_acceptability)
)

select
    first.framework, frameworks.label, next.framework as other, first.source_count, first.kind_count,
    first.acceptability_pct,
    audience_words(frameworks.label, first.source_count, first.acceptability_pct, false, null) as sentence,
    pairs.needed_sentence as against, basis.words as basis, unranked.words as unranked_words
from first
cross join next
cross join basis
cross join unranked
inner join marts.frameworks as frameworks on frameworks.framework = first.framework
left join pages.pair_weightings as pairs
    on pairs.year = 'newest' and pairs.framework_a = first.framework and pairs.framework_b = next.framework
