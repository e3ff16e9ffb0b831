-- One pair year by year: every source side by side, and what all sources of a year say together.
-- @grain framework_a, framework_b, year, source, population
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column year: calendar year
-- @column source: who publishes the figures
-- @column source_label: name for people
-- @column population: whom or what the figures speak of; pooled where separate groups are added up
-- @column leader: the one ahead; null where the order is open
-- @column share_words: the first's share of both
-- @column spread_words: points between the smallest and the greatest share of the year; null with one source
-- @column agreed_words: whether all sources of the year name the same leader; null with one source
select
    found.framework_a,
    found.framework_b,
    found.year,
    found.source,
    sources.label as source_label,
    found.population,
    found.leader,
    percent_words(found.a_share_of_pair_pct) as share_words,
    if(found.source_count > 1, format('{:.0f}', found.spread_pct), null) as spread_words,
    if(found.source_count > 1, if(found.is_agreed, 'yes', 'no'), null) as agreed_words
from marts.source_agreement as found
inner join marts.source_status as sources on sources.source = found.source
order by sources.headline_order nulls last, found.source, found.population, found.year
