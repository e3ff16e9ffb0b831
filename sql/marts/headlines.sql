-- The sentences of the first page: who led the first pair at each source, in the newest period that can say so.
-- @grain headline_id
-- @column headline_id: id, for links
-- @column position: 1 for the source named first
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column leader: the one with the greater figure; null where they are equal
-- @column period_start: first day of the period
-- @column led_since: first period from which the leader had more in every period with figures
-- @column leader_value: figure of the leader
-- @column pair_value: both together
-- @column leader_share_pct: the leader's share of both
-- @column low_pct: lower end of the 95 percent Wilson interval of that share; null unless members are counted
-- @column high_pct: upper end of that interval
-- @column sentence: the finding in one sentence that stays true
-- @column detail: its counts, interval and dates
-- @column origin: live, cached, imported or reference
-- @column quality: full, sample, digitised, decoded, published or fitted_base
-- @fail sentence is not null and detail is not null
-- @fail low_pct is null or leader_share_pct between low_pct - 1e-9 and high_pct + 1e-9
with

latest as (
    select * from marts.head_to_head_latest
),

words as (
    select * from marts.headline_words
),

pair as (
    select * from intermediate.headline_pair
),

written as (
    select
        latest.*,
        words.* exclude (source, series, population, grain),
        if(words.noun = 'day', 'On ', 'In ') || words.period_words as opening,
        words.subject || if(words.unit_words = 'papers' and latest.grain = 'edition', ' at ' || latest.population, '')
            as topic,
        case
            when latest.leader is null or latest.is_order_open or latest.led_since = latest.period_start then null
            when latest.led_since = latest.first_period
                then format('{} was ahead in every {} with figures since {}, where the series begins.',
                    words.leader_label, words.noun, words.since_words)
            else format('{} was ahead in every {} with figures since {}.',
                words.leader_label, words.noun, words.since_words)
        end as since,
        if(latest.low_pct is null, null, format('The error of counting alone puts that share between {} and {}.',
            words.low_words, words.high_words)) as interval_words
    from latest
    inner join pair on pair.framework_a = latest.framework_a and pair.framework_b = latest.framework_b
    inner join words
        on words.source = latest.source
        and words.series = latest.series
        and words.population = latest.population
        and words.grain = latest.grain
)

select
    source || '_head_to_head' as headline_id,
    position,
    source,
    series,
    population,
    grain,
    framework_a,
    framework_b,
    leader,
    period_start,
    led_since,
    greatest(a_value, b_value) as leader_value,
    pair_value,
    leader_share_pct,
    if(leader = framework_b, 100 - high_pct, low_pct) as low_pct,
    if(leader = framework_b, 100 - low_pct, high_pct) as high_pct,
    case
        when leader is null then format('{}, {} and {} were level in {}.', opening, label_a, label_b, topic)
        when is_order_open
            then format('{}, the order of {} and {} in {} was open.', opening, label_a, label_b, topic)
        else format('{}, {} led {} in {}.', opening, leader_label, other_label, topic)
    end as sentence,
    concat_ws(' ',
        if(leader = framework_b,
            format('{} had {} {} and {} {}, ', label_b, b_words, unit_words, label_a, a_words),
            format('{} had {} {} and {} {}, ', label_a, a_words, unit_words, label_b, b_words)
        ) || share_words || if(leader is null, ' of both together each.', ' of both together.'),
        interval_words,
        since,
        format('Population: {}.', population)
    ) as detail,
    origin,
    quality
from written
order by position
