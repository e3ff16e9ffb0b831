-- The newest period of every pair with a base of at least 30 (any base where nothing is counted), and since when it leads.
-- @grain source, series, population, grain, framework_a, framework_b
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column period_start: first day of the newest period
-- @column a_value: figure of the first
-- @column b_value: figure of the second
-- @column pair_value: both together
-- @column a_share_of_pair_pct: a_value as a share of both, 0 to 100
-- @column low_pct: lower end of the 95 percent Wilson interval; null unless the values are counts of members
-- @column high_pct: upper end of that interval
-- @column leader: the one with the greater figure; null where they are equal
-- @column leader_share_pct: the leader's share of both; 50 where they are equal
-- @column is_order_open: the interval holds 50; without an interval, the figures are equal
-- @column led_since: first period from which the leader had more in every period with figures, whatever its base
-- @column first_period: first period with figures of the pair
-- @column origin: live, cached, imported or reference
-- @column quality: full, sample, digitised, decoded, published or fitted_base
-- @fail leader is null or (leader_share_pct > 50 and led_since between first_period and period_start)
-- @fail low_pct is null or pair_value >= 30
with

history as (
    select
        *,
        a_value + b_value as pair_value,
        case
            when a_value > b_value then framework_a
            when b_value > a_value then framework_b
        end as leader
    from marts.head_to_head
    where a_share_of_pair_pct is not null
),

latest as (
    select *
    from history
    where low_pct is null or pair_value >= 30
    qualify row_number() over (
        partition by source, series, population, grain, framework_a, framework_b order by period_start desc
    ) = 1
),

-- Walking back from the newest period, the first one in which the leader was not ahead ends the lead.
walked as (
    select
        latest.source,
        latest.series,
        latest.population,
        latest.grain,
        latest.framework_a,
        latest.framework_b,
        history.period_start,
        min(history.period_start) over pair as first_period,
        max(if(history.leader is distinct from latest.leader, history.period_start, null)) over pair as last_not_ahead
    from latest
    inner join history
        on history.source = latest.source
        and history.series = latest.series
        and history.population = latest.population
        and history.grain = latest.grain
        and history.framework_a = latest.framework_a
        and history.framework_b = latest.framework_b
        and history.period_start <= latest.period_start
    window pair as (
        partition by latest.source, latest.series, latest.population, latest.grain,
            latest.framework_a, latest.framework_b
    )
),

leads as (
    select
        source,
        series,
        population,
        grain,
        framework_a,
        framework_b,
        min(first_period) as first_period,
        min(if(last_not_ahead is null or period_start > last_not_ahead, period_start, null)) as led_since
    from walked
    group by source, series, population, grain, framework_a, framework_b
)

select
    latest.source,
    latest.series,
    latest.population,
    latest.grain,
    latest.framework_a,
    latest.framework_b,
    latest.period_start,
    latest.a_value,
    latest.b_value,
    latest.pair_value,
    latest.a_share_of_pair_pct,
    latest.low_pct,
    latest.high_pct,
    latest.leader,
    greatest(latest.a_share_of_pair_pct, 100 - latest.a_share_of_pair_pct) as leader_share_pct,
    coalesce(50 between latest.low_pct and latest.high_pct, latest.leader is null) as is_order_open,
    if(latest.leader is null, null, leads.led_since) as led_since,
    leads.first_period,
    latest.origin,
    latest.quality
from latest
inner join leads
    on leads.source = latest.source
    and leads.series = latest.series
    and leads.population = latest.population
    and leads.grain = latest.grain
    and leads.framework_a = latest.framework_a
    and leads.framework_b = latest.framework_b
