-- How the newest figure of each framework at every source moved against the one of about a year before.
-- Of figures that compare: no break lies between the two. Of a stock, what it gained against what it gained in the same
-- time before.
-- @grain framework, source
-- @columns framework, source, series, population, grain, unit, period_start, value, base, share_pct, share_low_pct
-- @columns share_high_pct, before_start, before_value, before_base, before_share_pct, before_share_low_pct
-- @columns before_share_high_pct, month_count, gain, before_gain
-- @column method: share, stock, months, reading or count, as docs/methods.md has them; null where no error is known
-- @columns change, change_low, change_high
-- @columns change_unit, direction
-- @column is_recent: period_start lies within three years before the newest of all
-- @columns origin, quality
-- @fail change is null or before_start < period_start
-- @fail direction is null or change between change_low and change_high
with
-- Pieces lie between breaks. A newest period that is not settled compares with none.
points as (
    select
        places.*, held.is_stock, coalesce(2 * held.reading_error, 0) as reading_error,
        max(places.period_start) over (partition by framework, source) as newest_start,
        (
            select count(*) from marts.events as breaks
            where is_break and breaks.source = places.source and coalesce(breaks.series = places.series, true)
                and coalesce(breaks.population = places.population, true) and breaks.event_date <= places.period_start
        ) as piece
    from marts.framework_places as places
    inner join marts.populations as held using (source, series, population, grain)
    where held.revision_error is null or places.period_start < held.latest_period
),

-- Three years as logarithms, and what a straight line leaves of each piece of them.
strayed as (
    select
        * exclude (value), ln(nullif(greatest(value, 0), 0)) as height, period_start - '1970-01-01'::date as day,
        height - regr_intercept(height, day) over line - day * regr_slope(height, day) over line as stray
    from points
    where period_start > newest_start - interval 3 year
    window line as (partition by framework, source, population, piece)
),

-- Neighbouring months err alike, which makes their scatter look less than it is (docs/methods.md). 2.2 is Student's for 12.
scattered as (
    select
        framework, source, population, count(stray) / count(distinct piece) as piece_length,
        sum(stray * stray_before order by period_start) / nullif(sum(pow(stray, 2) order by period_start), 0) as together,
        least(0.95, greatest(0, together + (1 + 4 * together) / piece_length)) as alike,
        if(count(stray) < 24, 0.2, greatest(0.2, 1 - 2 * (1 + alike) / (1 - alike) / piece_length)) as seen,
        2.2 * sqrt(2 * sum(pow(stray, 2) order by period_start) / (count(stray) * (1 - 2 / piece_length)) / seen) as half_log
    from (
        select *, lag(stray) over (partition by framework, source, population, piece order by period_start) as stray_before
        from strayed
    )
    group by framework, source, population
    having count(stray) >= 12 and piece_length > 4
),

-- Stars and dependents come in bursts: how many times more than by chance the gains between neighbouring readings scatter.
burst as (
    select framework, source, population, piece,
        greatest(1, avg(pow(rate - rate_before, 2) / (1 / steps + 1 / steps_before)) / nullif(avg(rate), 0)) as burstiness
    from (
        select *, lag(rate) over line as rate_before, lag(steps) over line as steps_before
        from (
            select *, nullif(datediff('month', lag(period_start) over line, period_start), 0) as steps,
                (value - lag(value) over line) / steps as rate
            from points
            where is_stock and period_start > newest_start - interval 25 month
            window line as (partition by framework, source, population, piece order by period_start))
        window line as (partition by framework, source, population, piece order by period_start))
    group by framework, source, population, piece
),

spans as (
    select points.*, before as b, prior.value as prior_value, datediff('month', before.period_start, points.period_start) as months
    from (
        from points
        qualify 1 = row_number() over (
            partition by framework, source order by period_start desc, population = choice desc, population)
    ) as points
    left join points as before
        on (before.framework, before.source, before.population, before.piece)
        = (points.framework, points.source, points.population, points.piece)
        and datediff('month', before.period_start, points.period_start) between 6 and 15
    left join points as prior
        on points.is_stock
        and (prior.framework, prior.source, prior.population, prior.piece)
        = (before.framework, before.source, before.population, before.piece)
        and datediff('month', prior.period_start, before.period_start)
        = datediff('month', before.period_start, points.period_start)
    qualify 1 = row_number() over (partition by points.framework, points.source
        order by points.is_stock and prior.value is null, abs(12 - months), before.period_start)
),

-- Newcombe's interval (1998) of two shares, out of the two Wilson intervals; that of two counts as Poisson's law has it. A
-- stock is read on some day of its month, so that half a month of each gain may be missing. A growth has no error, and
-- installations come in batches, for which Poisson's law is far too narrow.
changed as (
    select
        spans.*,
        case
            when share_low_pct is not null then 'share'
            when is_stock then 'stock'
            when half_log is not null and unit <> 'percent' and least(value, b.value) > 0 then 'months'
            when reading_error > 0 then 'reading'
            when is_complete_count(unit, quality) and unit <> 'per_day' then 'count'
        end as method,
        if(method = 'stock', value - b.value, null) as gain,
        if(method = 'stock', b.value - prior_value, null) as before_gain,
        coalesce(gain, value) as now_value,
        if(method = 'stock', before_gain, b.value) as was_value,
        case method
            when 'reading' then reading_error
            when 'stock' then 1.96 * sqrt(coalesce(burstiness, 1) * (abs(now_value) + abs(was_value)))
                + (abs(now_value) + abs(was_value)) / (2 * months)
            when 'count' then 1.96 * sqrt(abs(now_value) + abs(was_value))
        end as half,
        case method
            when 'share' then share_pct - b.share_pct
            when 'months' then 100 * (value / b.value - 1)
            else now_value - was_value
        end as change,
        case method
            when 'share' then change - sqrt(pow(share_pct - share_low_pct, 2) + pow(b.share_high_pct - b.share_pct, 2))
            when 'months' then 100 * (value / b.value * exp(-half_log) - 1)
            else change - half
        end as change_low,
        case method
            when 'share' then change + sqrt(pow(share_high_pct - share_pct, 2) + pow(b.share_pct - b.share_low_pct, 2))
            when 'months' then 100 * (value / b.value * exp(half_log) - 1)
            else change + half
        end as change_high
    from spans
    left join scattered using (framework, source, population)
    left join burst using (framework, source, population, piece)
)

select
    framework, source, series, population, grain, unit, period_start, value, base, share_pct, share_low_pct, share_high_pct,
    b.period_start as before_start, b.value as before_value, b.base as before_base, b.share_pct as before_share_pct,
    b.share_low_pct as before_share_low_pct, b.share_high_pct as before_share_high_pct, months as month_count, gain, before_gain,
    if(change_low is null, null, changed.method) as method,
    change, change_low, change_high,
    case
        when change is null then null
        when changed.method = 'share' or unit = 'percent' then 'points'
        else if(changed.method = 'months', 'percent', unit)
    end as change_unit,
    case
        when change_low is null then null
        when change_low <= 0 and change_high >= 0 or reading_error > 0 and abs(now_value - was_value) <= reading_error then 0
        else sign(change)::int
    end as direction,
    period_start > max(period_start) over () - interval 3 year as is_recent, origin, quality
from changed
order by framework, source
