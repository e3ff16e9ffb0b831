-- Who leads a pair, in one sentence: every compared pair in every choice that a chart offers, newest period.
-- @grain source, series, population, framework_a, framework_b
-- @column source: who publishes the figures
-- @column source_label: name for people
-- @column kind: kind of evidence, which is the page that it stands on
-- @column audience: whose question the source speaks to most: research, industry or learners
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column is_headline: the choice that speaks for the source
-- @column leader: the one with the greater figure; null where the order is open
-- @column period_start: first day of the newest period that can say so
-- @column period_label: its name
-- @column a_share_of_pair_pct: figure of the first as a share of both
-- @column share_words: the same in words
-- @column sentence: the finding
-- @column detail: its numbers, interval and dates
-- @column origin: live, cached, imported or reference
-- @column quality: from best to worst full, decoded, sample, fitted_base, digitised, published, detected
-- @fail sentence is not null and detail is not null
select
    latest.source,
    sources.label as source_label,
    sources.kind,
    sources.audience,
    latest.series,
    latest.population,
    latest.framework_a,
    latest.framework_b,
    options.is_headline,
    if(latest.is_order_open, null, latest.leader) as leader,
    latest.period_start,
    period_label(latest.grain, latest.period_start) as period_label,
    latest.a_share_of_pair_pct,
    percent_words(latest.a_share_of_pair_pct) as share_words,
    latest.sentence,
    latest.detail,
    latest.origin,
    latest.quality
from marts.head_to_head_latest as latest
inner join pages.options as options
    on options.source = latest.source
    and options.series = latest.series
    and options.population = latest.population
    and options.grain = latest.grain
    and options.choice = options.population
inner join marts.source_status as sources on sources.source = latest.source
inner join marts.frameworks as a on a.framework = latest.framework_a
inner join marts.frameworks as b on b.framework = latest.framework_b
order by
    options.source_position,
    options.is_headline desc,
    options.series_order,
    options.choice,
    a.framework_order,
    b.framework_order
