-- The weightings that the page offers, in words: all sources alike, and those of one audience.
-- @grain preset
-- @columns preset
-- @column words: the order under it, and how often its first is first however its sources are weighed
-- @column source_count: sources that it has
with
ordered as (
    select
        ranks.preset,
        string_agg(frameworks.label, ', then ' order by ranks.rank) as order_words,
        any_value(ranks.source_count) as source_count,
        max(ranks.leads_pct) filter (where ranks.rank = 1) as leads_pct,
        max(frameworks.label) filter (where ranks.rank = 1) as first_label
    from marts.preset_ranks as ranks
    inner join marts.frameworks as frameworks using (framework)
    where ranks.year = 'newest'
    group by ranks.preset
)

select
    preset,
    if(source_count = 1, format('{} (one source)', order_words),
        format('{} ({} first under {} of {})', order_words, first_label, weightings_words(leads_pct),
            weighed_words(source_count))) as words,
    source_count
from ordered
order by list_position(['equal', 'research', 'industry', 'learners'], preset)
