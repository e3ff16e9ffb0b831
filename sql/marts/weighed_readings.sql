-- What each source says of two frameworks in a year, and in its newest twelve months: what every weighing of sources weighs.
-- A source is left out of the newest where its figures are older than three years beside the newest of all.
-- @grain year, source, framework_a, framework_b
-- @column year: the year, or newest: the newest twelve months of each source
-- @columns source, kind, audience
-- @column source_order: place of the source in headline_series.csv
-- @columns framework_a, framework_b, population
-- @column first_period: first day of the first period that speaks
-- @column last_period: first day of the last one
-- @column period_count: periods that speak
-- @column pair_value: members of both, of stocks those gained in twelve months; null where shares are averaged
-- @column a_share_of_pair_pct: the first's share of both: of all members, or the mean of the periods
-- @column error_pct: standard error of the share: of counting, or of the curve under the periods; null where nothing tells it
-- @fail a_share_of_pair_pct between 0 and 100 and framework_a <> framework_b
-- @fail error_pct is null or error_pct >= 0
-- @fail first_period <= last_period and period_count > 0
-- @warn error_pct is not null: readings whose error nobody tells; they are taken as they stand
with
points as (from intermediate.weighed_points where share_pct is not null),

reached as (
    select
        source, arg_max(grain, period_start) as grain, max(period_start) as last_period,
        least(next_start(arg_max(grain, period_start), max(period_start)), max(period_start) + interval 1 year)::date
            as ended_date
    from points
    group by source
),

-- A window ends before its `until`.
windows as (
    select distinct
        source, year(period_start)::varchar as year, make_date(year(period_start), 1, 1) as since,
        make_date(year(period_start) + 1, 1, 1) as until,
        make_date(year(period_start) + 1, 1, 1) as reached_until
    from points
    union all
    select
        source, 'newest' as year, (last_period - interval 12 month)::date + 1 as since,
        last_period + 1 as until,
        next_start(grain, last_period) as reached_until
    from reached
    qualify ended_date > max(ended_date) over () - interval 3 year
),

spoken as (
    select windows.year, windows.reached_until, points.*
    from points
    inner join windows
        on windows.source = points.source and points.period_start >= windows.since and points.period_start < windows.until
    qualify not points.is_last_only
        or points.period_start = max(points.period_start) over (partition by windows.year, points.line)
),

-- Of more populations the one that covers more of the twelve months, then the preferred one.
readings as (
    select
        year, source, framework_a, framework_b, population, min(period_start) as first_period,
        max(period_start) as last_period, count(*) as period_count, any_value(is_added) as is_added,
        sum(a_part order by line, period_start) as a_sum,
        sum(pair_part order by line, period_start) as pair_sum,
        if(any_value(is_added), 100 * a_sum / pair_sum, avg(share_pct order by period_start)) as a_share_of_pair_pct,
        case
            when any_value(is_added)
                then sqrt(sum(pow(pair_part * error_pct, 2) order by line, period_start)) / pair_sum
            when count(curve_error_pct) = count(*) then avg(curve_error_pct order by period_start)
            else avg(error_pct order by period_start)
        end as error_pct
    from spoken
    group by year, source, framework_a, framework_b, population, grain
    -- Counts ask for whole years, shares for half of the periods, both for the end: as marts.source_agreement does.
    having (any_value(is_last_only) or count(*) * if(any_value(is_added), 1, 2) >= periods_per_year(grain))
        -- The newest reading of a stock tells of twelve months: it may lie half a year before that of another pair.
        and next_start(grain, max(period_start))
            > any_value(reached_until) - if(year = 'newest' and any_value(is_last_only), 183, 8)
        and is_enough(pair_sum, any_value(is_added))
    qualify row_number() over (
        partition by year, source, framework_a, framework_b
        order by count(*) / periods_per_year(grain) desc, min(rank), population
    ) = 1
)

select
    readings.year, readings.source, headline.kind, headline.audience, headline.headline_order as source_order,
    readings.framework_a, readings.framework_b, readings.population, readings.first_period, readings.last_period,
    readings.period_count, if(readings.is_added, readings.pair_sum::bigint, null) as pair_value,
    readings.a_share_of_pair_pct, readings.error_pct
from readings
inner join intermediate.headline_series as headline using (source)
order by readings.year, headline.headline_order, readings.framework_a, readings.framework_b
