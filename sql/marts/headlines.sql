-- The sentences of the first page: who led the first pair at each source, in the newest period that can say so.
-- @grain headline_id
-- @columns headline_id
-- @column position: 1 for the source named first
-- @columns source, series, population, grain, framework_a, framework_b, leader, period_start, led_since
-- @columns leader_value, pair_value, leader_share_pct, low_pct, high_pct, sentence, detail, origin
-- @column quality: the worse one of both
-- @fail low_pct is null or leader_share_pct between low_pct - 1e-9 and high_pct + 1e-9
with
latest as (
    select latest.*
    from marts.head_to_head_latest as latest
    inner join intermediate.headline_pair as pair using (framework_a, framework_b)
    where latest.is_headline
)

select
    latest.source || '_head_to_head' as headline_id,
    row_number() over (order by populations.series_order, latest.source) as position,
    latest.source, latest.series, latest.population, latest.grain, latest.framework_a, latest.framework_b,
    latest.leader, latest.period_start, latest.led_since,
    greatest(latest.a_value, latest.b_value) as leader_value,
    latest.pair_value, latest.leader_share_pct, latest.leader_low_pct as low_pct, latest.leader_high_pct as high_pct,
    latest.sentence, latest.detail, latest.origin, latest.quality
from latest
inner join intermediate.series_populations as populations using (source, series, population, grain)
order by position
