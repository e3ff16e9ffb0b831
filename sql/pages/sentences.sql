-- Who leads a pair, in one sentence: every compared pair in every choice that a chart offers, newest period.
-- @grain source, series, population, framework_a, framework_b
-- @column leader: the one with the greater figure; null where chance may have made the difference
-- @column period_start: first day of the newest period that can say so
-- @fail sentence is not null and detail is not null
select
    latest.source, sources.label as source_label, sources.kind, sources.audience, latest.series, latest.population,
    latest.framework_a, latest.framework_b, options.is_headline,
    if(latest.is_within_chance, null, latest.leader) as leader,
    latest.period_start,
    period_label(latest.grain, latest.period_start) as period_label,
    period_words(latest.grain, latest.period_start) as period_words,
    latest.a_share_of_pair_pct,
    percent_words(latest.a_share_of_pair_pct) as share_words,
    latest.is_lead_proven, latest.sentence, latest.detail, latest.origin, latest.quality
from marts.head_to_head_latest as latest
inner join pages.options as options using (source, series, population, grain)
inner join marts.source_status as sources using (source)
inner join marts.frameworks as a on a.framework = latest.framework_a
inner join marts.frameworks as b on b.framework = latest.framework_b
where options.choice = options.population
order by options.source_position, options.is_headline desc, options.series_order, options.choice,
    a.framework_order, b.framework_order
