-- One pair year by year: every source side by side, and what all sources of a year say together.
-- @grain framework_a, framework_b, year, source, population
-- @column population: whom or what the figures speak of; pooled where separate groups are added up
-- @column leader: the one with more; null where chance may have made the difference
-- @column share_words: the first's share of both
select
    found.framework_a, found.framework_b, found.year, found.source, sources.label as source_label, found.population,
    found.leader,
    percent_words(found.a_share_of_pair_pct) as share_words,
    if(found.source_count > 1, format('{:.0f}', found.spread_pct), null) as spread_words,
    if(found.source_count > 1, format('{} ({})', if(found.is_agreed, 'yes', 'no'), found.source_count), null) as agreed_words
from marts.source_agreement as found
inner join marts.source_status as sources using (source)
order by sources.headline_order nulls last, found.source, found.population, found.year
