-- Who leads for each audience, by the sources of headline_series.csv that speak to it: the one verdict of the site.
-- @grain audience
-- @column framework: the one that is first when every kind counts the same, and in it every source
-- @column source_count: sources of the audience that are weighed
-- @column words: who leads under how many weightings of which sources
-- @fail words is not null
with
firsts as (from marts.preset_ranks where year = 'newest' and rank = 1 and preset <> 'equal'),

spoken as (
    select
        weighed.audience,
        bool_and(sources.ended_note is not null) as is_ended,
        string_agg(format('{}, up to {}', weighed.label, the_label(weighed.last_label)) || if(sources.ended_note is null, '',
            ', after which no figures come'), ', ' order by weighed.source_order) as source_labels
    from marts.weighed_sources as weighed
    inner join marts.source_status as sources using (source)
    where weighed.is_weighed
    group by weighed.audience
)

select
    firsts.preset as audience, firsts.framework, frameworks.label, firsts.source_count, firsts.kind_count,
    firsts.leads_pct,
    audience_words(frameworks.label, firsts.source_count, firsts.leads_pct, coalesce(spoken.is_ended, false),
        spoken.source_labels) as words
from firsts
inner join marts.frameworks as frameworks using (framework)
left join spoken on spoken.audience = firsts.preset
order by firsts.preset
