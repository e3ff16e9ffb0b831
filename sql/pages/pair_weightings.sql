-- Under how many weightings one framework leads another, in words, and what the other one would need; each pair both ways.
-- @grain year, framework_a, framework_b
-- @column year: the year, or newest: the newest twelve months of each source
-- @column framework_a: the one said to lead
-- @column label_a: name of the first
-- @column label_b: name of the other one
-- @column sentence: the first leads the other one under how many weightings of how many sources
-- @fail sentence is not null
select
    pairs.year, pairs.framework_a, pairs.framework_b, a.label as label_a, b.label as label_b, pairs.source_count,
    pairs.acceptability_pct,
    format('{}{} {} {} under {} of the {} weighed for both', if(pairs.year = 'newest', '', 'In ' || pairs.year || ', '),
        a.label, if(pairs.year = 'newest', 'leads', 'led'), b.label, weightings_words(pairs.acceptability_pct),
        weighed_words(pairs.source_count)) as sentence,
    needed_words(pairs, a.label, b.label, coalesce(sources.label, pairs.needed_source)) as needed_sentence
from marts.pair_acceptability as pairs
inner join marts.frameworks as a on a.framework = pairs.framework_a
inner join marts.frameworks as b on b.framework = pairs.framework_b
left join marts.weighed_sources as sources on sources.source = pairs.needed_source
order by pairs.year, a.framework_order, b.framework_order
