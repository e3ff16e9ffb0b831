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
-- @column led_since: first period, with both out, from which the leader had more in every period with figures
-- @column first_period: first period with figures of the pair
-- @column origin: live, cached, imported or reference
-- @column quality: full, sample, digitised, decoded, published or fitted_base
-- @fail leader is null or (leader_share_pct > 50 and led_since between first_period and period_start)
-- @fail low_pct is null or pair_value >= 30
with

frameworks as (
    select * from staging.reference__frameworks
),

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

-- Nobody leads before both were out: a label can date from later than the paper it is given to. The period of the later
-- release counts; where that day is not known, the first period with a figure above 0 stands for it.
starts as (
    select
        history.source,
        history.series,
        history.population,
        history.grain,
        history.framework_a,
        history.framework_b,
        min(history.period_start) as first_period,
        coalesce(greatest(
            coalesce(period_of(history.grain, a.first_release), min(if(a_value > 0, period_start, null))),
            coalesce(period_of(history.grain, b.first_release), min(if(b_value > 0, period_start, null)))
        ), first_period) as out_period
    from history
    inner join frameworks as a on a.framework = history.framework_a
    inner join frameworks as b on b.framework = history.framework_b
    group by history.source, history.series, history.population, history.grain, history.framework_a,
        history.framework_b, a.first_release, b.first_release
),

latest as (
    select *
    from history
    inner join starts using (source, series, population, grain, framework_a, framework_b)
    where period_start >= out_period and (low_pct is null or pair_value >= 30)
    qualify row_number() over (
        partition by source, series, population, grain, framework_a, framework_b order by period_start desc
    ) = 1
),

-- Walking back from the newest period, the first one in which the leader was not ahead ends the lead.
walked as (
    select
        latest.*,
        history.period_start as walked_to,
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
)

select
    source,
    series,
    population,
    grain,
    framework_a,
    framework_b,
    period_start,
    a_value,
    b_value,
    pair_value,
    a_share_of_pair_pct,
    low_pct,
    high_pct,
    leader,
    greatest(a_share_of_pair_pct, 100 - a_share_of_pair_pct) as leader_share_pct,
    coalesce(50 between low_pct and high_pct, leader is null) as is_order_open,
    if(leader is null, null, walked_to) as led_since,
    first_period,
    origin,
    quality
from walked
where walked_to >= out_period and coalesce(walked_to > last_not_ahead, true)
qualify row_number() over (
    partition by source, series, population, grain, framework_a, framework_b order by walked_to
) = 1
