-- The weightings that the page offers, in words: all sources alike, and those of one audience.
-- @grain preset
-- @column words: the order under it, and how often its first is first however its sources are weighed: the audience's verdict
-- @column source_count: sources that it has
with
joined as (
    select
        ranks.*, frameworks.label,
        lag(ranks.before_next_pct <= 97.5) over (partition by ranks.preset order by ranks.rank) as is_open
    from marts.preset_ranks as ranks
    inner join marts.frameworks as frameworks using (framework)
    where ranks.year = 'newest'
),

ordered as (
    select
        preset,
        string_agg(case when is_open is null then label when is_open then ' or ' || label else ', then ' || label end, ''
            order by rank) || if(bool_or(is_open), ' (an “or”: their readings err by more than lies between)', '')
            as order_words,
        any_value(source_count) as source_count,
        max(leads_pct) filter (where rank = 1) as leads_pct,
        max(label) filter (where rank = 1) as first_label
    from joined
    group by preset
)

select
    ordered.preset,
    format('{}. {}', order_words, coalesce(verdicts.words,
        audience_words(first_label, ordered.source_count, ordered.leads_pct, false, null))) as words,
    ordered.source_count
from ordered
left join pages.audience_verdicts as verdicts on verdicts.audience = ordered.preset
order by list_position(['equal', 'research', 'industry', 'learners'], ordered.preset)
