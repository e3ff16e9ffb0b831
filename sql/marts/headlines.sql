-- The sentences of the first page: who led the first pair at each source, in the newest period that can say so.
-- @grain headline_id
-- @column headline_id: id of the sentence
-- @column position: order on the page, that of series.csv
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column framework_a: first of the compared pair
-- @column framework_b: second of the compared pair
-- @column leader: the one with the greater figure; null if they are equal
-- @column period_start: first day of the period
-- @column led_since: first period of the stretch in which the leader was ahead without a break; null without a leader
-- @column leader_value: figure of the leader
-- @column pair_value: both together
-- @column leader_share_pct: share of the leader in both, 0 to 100
-- @column low_pct: lower end of its 95 percent Wilson interval; null where no members are counted
-- @column high_pct: upper end of that interval
-- @column sentence: headline
-- @column detail: figures, interval, since when and of whom, in words
-- @column origin: live, cached, imported or reference
-- @column quality: the worse one of both
with

latest as (
    select latest.*
    from marts.head_to_head_latest as latest
    inner join intermediate.headline_pair as pair
        on pair.framework_a = latest.framework_a and pair.framework_b = latest.framework_b
    where latest.is_headline
)

select
    latest.source || '_head_to_head' as headline_id,
    row_number() over (order by populations.series_order, latest.source) as position,
    latest.source,
    latest.series,
    latest.population,
    latest.grain,
    latest.framework_a,
    latest.framework_b,
    latest.leader,
    latest.period_start,
    latest.led_since,
    greatest(latest.a_value, latest.b_value) as leader_value,
    latest.pair_value,
    latest.leader_share_pct,
    latest.leader_low_pct as low_pct,
    latest.leader_high_pct as high_pct,
    latest.sentence,
    latest.detail,
    latest.origin,
    latest.quality
from latest
inner join intermediate.series_populations as populations
    on populations.source = latest.source
    and populations.series = latest.series
    and populations.population = latest.population
    and populations.grain = latest.grain
order by position
