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

lines as (
    select
        source, series, population, grain, framework_a, framework_b,
        row_number() over () as line,
        min(period_start) as first_period,
        min(if(a_value > 0, period_start, null)) as a_from,
        min(if(b_value > 0, period_start, null)) as b_from
    from history
    group by source, series, population, grain, framework_a, framework_b
),

-- Nobody leads before both were out: a label can date from later than the paper it is given to. The period of the later
-- release counts; where that day is not known, the first period with a figure above 0 stands for it.
starts as (
    select
        lines.*,
        coalesce(greatest(
            coalesce(period_of(lines.grain, a.first_release), lines.a_from),
            coalesce(period_of(lines.grain, b.first_release), lines.b_from)
        ), lines.first_period) as out_period
    from lines
    inner join frameworks as a on a.framework = lines.framework_a
    inner join frameworks as b on b.framework = lines.framework_b
),

-- From here on a number stands for the six columns of a pair: matching texts again and again would take most of the time.
periods as (
    select starts.line, starts.out_period, history.* exclude (source, series, population, grain, framework_a, framework_b)
    from history
    inner join starts using (source, series, population, grain, framework_a, framework_b)
),

latest as (
    select
        line,
        arg_max_null(columns(* exclude (line, period_start)), period_start),
        max(period_start) as period_start
    from periods
    where period_start >= out_period and (low_pct is null or pair_value >= 30)
    group by line
),

-- Walking back from the newest period, the last one in which the leader was not ahead ends the lead.
ends as (
    select
        latest.line,
        max(periods.period_start) filter (where periods.leader is distinct from latest.leader) as last_not_ahead
    from latest
    inner join periods on periods.line = latest.line and periods.period_start <= latest.period_start
    group by latest.line
),

leads as (
    select periods.line, min(periods.period_start) as led_since
    from periods
    inner join ends on ends.line = periods.line
    where periods.period_start >= periods.out_period
        and coalesce(periods.period_start > ends.last_not_ahead, true)
    group by periods.line
)

select
    starts.source,
    starts.series,
    starts.population,
    starts.grain,
    starts.framework_a,
    starts.framework_b,
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
    starts.first_period,
    latest.origin,
    latest.quality
from latest
inner join starts on starts.line = latest.line
inner join leads on leads.line = latest.line
