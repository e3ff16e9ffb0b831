-- Who leads a pair, in one sentence: every compared pair in every choice that a chart offers, newest period.
-- @grain source, series, population, framework_a, framework_b
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column is_headline: the choice that speaks for the source
-- @column leader: the one with the greater figure; null where they are equal
-- @column is_order_open: the interval holds one half, or the figures are equal
-- @column period_start: first day of the newest period that can say so
-- @column period_label: its name
-- @column led_since: first period from which the leader had more in every period with figures
-- @column first_period: first period with figures of the pair
-- @column a_share_of_pair_pct: figure of the first as a share of both
-- @column low_pct: lower end of the 95 percent Wilson interval of that share
-- @column high_pct: upper end
-- @column sentence: the finding
-- @column detail: its numbers, interval and dates
-- @column origin: live, cached, imported or reference
-- @column quality: full, sample, digitised, decoded, published or fitted_base
-- @fail sentence is not null and detail is not null
with

latest as (
    select
        latest.*,
        options.is_headline,
        options.label as choice_label,
        a.label as label_a,
        b.label as label_b,
        if(latest.leader = latest.framework_b, b.label, a.label) as leader_label,
        if(latest.leader = latest.framework_b, a.label, b.label) as other_label,
        if(latest.leader = latest.framework_b, latest.b_value, latest.a_value) as leader_value,
        if(latest.leader = latest.framework_b, latest.a_value, latest.b_value) as other_value,
        if(latest.leader = latest.framework_b, 100 - latest.high_pct, latest.low_pct) as leader_low_pct,
        if(latest.leader = latest.framework_b, 100 - latest.low_pct, latest.high_pct) as leader_high_pct,
        -- One decimal where whole numbers would hide on which side of a half they lie.
        if(least(abs(latest.leader_share_pct - 50), coalesce(abs(leader_low_pct - 50), 50)) < 0.6, '%.1f%%', '%.0f%%')
            as shape
    from marts.head_to_head_latest as latest
    inner join intermediate.figure_options as options
        on options.source = latest.source
        and options.series = latest.series
        and options.population = latest.population
        and options.grain = latest.grain
        and options.choice = options.population
    inner join staging.reference__frameworks as a on a.framework = latest.framework_a
    inner join staging.reference__frameworks as b on b.framework = latest.framework_b
    -- Where each framework has a base of its own, the counts of two do not compare.
    where not exists (
        select 1
        from marts.framework_shares as shares
        where shares.source = latest.source
            and shares.series = latest.series
            and shares.population = latest.population
            and shares.grain = latest.grain
            and shares.period_start = latest.period_start
            and shares.framework in (latest.framework_a, latest.framework_b)
        having count(distinct shares.base) > 1
    )
)

select
    latest.source,
    latest.series,
    latest.population,
    latest.grain,
    latest.framework_a,
    latest.framework_b,
    latest.is_headline,
    latest.leader,
    latest.is_order_open,
    latest.period_start,
    periods.label as period_label,
    latest.led_since,
    latest.first_period,
    latest.a_share_of_pair_pct,
    latest.low_pct,
    latest.high_pct,
    pair_sentence(latest, periods.in_words, sources.subject) as sentence,
    concat_ws(' ',
        format('{} had {} and {} {}: {} of both together.', leader_label, value_words(leader_value, series.unit),
            other_label, value_words(other_value, series.unit) || ' ' || unit_words(series.unit),
            printf(shape, leader_share_pct)),
        format('The error of counting alone puts that share between {} and {}.',
            printf(shape, leader_low_pct), printf(shape, leader_high_pct)),
        case
            when latest.is_order_open or latest.led_since = latest.period_start then null
            when latest.led_since = latest.first_period
                then format('{} was ahead in every {} with figures since {}, where the series begins.',
                    leader_label, periods.noun, since.in_words)
            else format('{} was ahead in every {} with figures since {}.', leader_label, periods.noun, since.in_words)
        end
    ) as detail,
    latest.origin,
    latest.quality
from latest
inner join marts.source_status as sources on sources.source = latest.source
inner join staging.reference__series as series on series.source = latest.source and series.series = latest.series
inner join intermediate.periods as periods
    on periods.grain = latest.grain and periods.period_start = latest.period_start
left join intermediate.periods as since
    on since.grain = latest.grain and since.period_start = latest.led_since
qualify row_number() over (
    partition by latest.source, latest.series, latest.population, latest.framework_a, latest.framework_b
    order by series.rank
) = 1
