-- The first pair at each source, newest period, with every number as the words that a sentence uses.
-- @grain source
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column position: 1 for the source named first
-- @column subject: what the source speaks of, within a sentence
-- @column unit_words: what is counted, within a sentence
-- @column label_a: name of the first framework
-- @column label_b: name of the second
-- @column leader_label: name of the leader; null where equal
-- @column other_label: name of the other
-- @column a_words: figure of the first
-- @column b_words: figure of the second
-- @column share_words: the leader's share of both
-- @column low_words: lower end of the interval of that share
-- @column high_words: upper end
-- @column noun: what one period is called
-- @column period_words: the period
-- @column since_words: the period since which it leads
with

latest as (
    select
        latest.*,
        pair.label_a,
        pair.label_b,
        populations.series_order,
        if(leader = latest.framework_b, 100 - high_pct, low_pct) as leader_low_pct,
        if(leader = latest.framework_b, 100 - low_pct, high_pct) as leader_high_pct,
        -- One decimal where whole numbers would hide on which side of a half they lie.
        if(least(abs(leader_share_pct - 50), coalesce(abs(leader_low_pct - 50), 50)) < 0.5, '%.1f%%', '%.0f%%') as shape
    from marts.head_to_head_latest as latest
    inner join intermediate.headline_pair as pair
        on pair.framework_a = latest.framework_a and pair.framework_b = latest.framework_b
    inner join intermediate.headline_series as series
        on series.source = latest.source and series.series = latest.series and series.grain = latest.grain
    inner join intermediate.preferred_populations as populations
        on populations.source = latest.source
        and populations.series = latest.series
        and populations.grain = latest.grain
        and populations.population = latest.population
        and populations.is_preferred
),

units as (
    select *
    from (
        values
            ('per_day', 'downloads a day'),
            ('index_0_100', 'points of the search index'),
            ('percent', 'percent')
    ) as chosen (unit, unit_words)
)

select
    latest.source,
    latest.series,
    latest.population,
    latest.grain,
    row_number() over (order by latest.series_order, latest.source) as position,
    sources.subject,
    coalesce(units.unit_words, held.unit) as unit_words,
    latest.label_a,
    latest.label_b,
    case latest.leader when latest.framework_a then latest.label_a when latest.framework_b then latest.label_b end
        as leader_label,
    if(latest.leader = latest.framework_b, latest.label_a, latest.label_b) as other_label,
    if(latest.a_value >= 1e6, printf('%.1f million', latest.a_value / 1e6), format('{:,}', round(latest.a_value)::bigint))
        as a_words,
    if(latest.b_value >= 1e6, printf('%.1f million', latest.b_value / 1e6), format('{:,}', round(latest.b_value)::bigint))
        as b_words,
    printf(latest.shape, latest.leader_share_pct) as share_words,
    printf(latest.shape, latest.leader_low_pct) as low_words,
    printf(latest.shape, latest.leader_high_pct) as high_words,
    periods.noun,
    periods.in_words as period_words,
    since.in_words as since_words
from latest
inner join marts.source_status as sources on sources.source = latest.source
inner join (select distinct source, series, population, unit from marts.framework_shares) as held
    on held.source = latest.source and held.series = latest.series and held.population = latest.population
inner join intermediate.periods as periods
    on periods.grain = latest.grain and periods.period_start = latest.period_start
left join intermediate.periods as since
    on since.grain = latest.grain and since.period_start = latest.led_since
left join units on units.unit = held.unit
