-- The first framework's share of every pair with its trailing and centred windows and the error of each period.
-- @grain line, period_start
-- @column share_pct: a_value as a share of both
-- @column trailing_pct: the same over the window that ends with the period; 6 months, 13 weeks, or the edition alone
-- @column weight: what the period counts for in dating: its members, else 1
with
values_held as (
    select
        *, a_value + b_value as pair_value, 100 * a_value / (a_value + b_value) as share_pct,
        -- Months are counted in months and all else in days: whole numbers make windows faster than dates and intervals.
        if(grain = 'month', 12 * year(period_start) + month(period_start), period_start - '1970-01-01'::date)
            as place,
        case grain when 'month' then 3 when 'week' then 42 when 'day' then 42 else 0 end as reach,
        case grain when 'month' then 5 when 'week' then 84 when 'day' then 84 else 0 end as reach_back
    from intermediate.pair_values
),

windows as (
    select
        *, sum(a_value) over around as a_centred, sum(pair_value) over around as pair_centred,
        avg(share_pct) over around as mean_centred, count(*) over around as centred_count,
        sum(a_value) over behind as a_trailing, sum(pair_value) over behind as pair_trailing,
        avg(share_pct) over behind as mean_trailing,
        median(pair_value) over (partition by line) < 100 and error_model = 'counts' as is_thin
    from values_held
    window
        around as (partition by line order by place range between reach preceding and reach following),
        behind as (partition by line order by place range between reach_back preceding and current row)
),

smoothed as (
    select
        *, if(error_model = 'counts', 100 * a_centred / pair_centred, mean_centred) as centred_pct,
        if(error_model = 'counts', 100 * a_trailing / pair_trailing, mean_trailing) as trailing_pct,
        -- Half a member more on each side, so that a share of 0 or 100 keeps an error.
        (a_centred + 0.5) / (pair_centred + 1) as fraction
    from windows
),

-- How far single periods lie from their window, beside what counting alone explains (1); the window's own member is
-- taken out by the factor after it. The order makes the last digits the same at every build.
scattered as (
    select
        line,
        sqrt(avg(
            pow(share_pct - centred_pct, 2) * centred_count / (centred_count - 1) order by period_start
        )) as scatter_pct,
        greatest(1, avg(
            pow(share_pct / 100 - fraction, 2) * pair_value / (fraction * (1 - fraction))
            * centred_count / (centred_count - 1) order by period_start
        )) as overdispersion
    from smoothed
    where centred_count > 1
    group by line
)

select
    smoothed.line, smoothed.period_start, smoothed.error_model, smoothed.a_value, smoothed.pair_value,
    smoothed.share_pct, smoothed.trailing_pct, smoothed.centred_pct,
    if(smoothed.is_thin, smoothed.centred_pct, smoothed.share_pct) as dating_pct,
    if(smoothed.error_model = 'counts', smoothed.pair_value, 1) as weight,
    case smoothed.error_model
        when 'counts' then
            100 * sqrt(fraction * (1 - fraction) * coalesce(scattered.overdispersion, 1) / smoothed.pair_value)
        when 'index' then greatest(
            coalesce(scattered.scatter_pct, 0),
            100 * smoothed.reading_error / pow(smoothed.pair_value, 2)
                * sqrt(pow(smoothed.a_value, 2) + pow(smoothed.pair_value - smoothed.a_value, 2))
        )
        else scattered.scatter_pct
    end as sd_pct
from smoothed
left join scattered using (line)
