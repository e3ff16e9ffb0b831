-- The weightings that the page offers, in words: all sources alike, and those of one audience.
-- @grain preset
-- @columns preset
-- @column words: the order under it, and how often its first is first however its sources are weighed: the audience's verdict
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
    ordered.preset,
    format('{}. {}', order_words, coalesce(verdicts.words,
        audience_words(first_label, ordered.source_count, ordered.leads_pct, false, null))) as words,
    ordered.source_count
from ordered
left join pages.audience_verdicts as verdicts on verdicts.audience = ordered.preset
order by list_position(['equal', 'research', 'industry', 'learners'], ordered.preset)
