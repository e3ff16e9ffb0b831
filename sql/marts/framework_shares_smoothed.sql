-- Adoption of every framework over trailing and centred windows, weighted by the base of each period.
-- @grain source, series, population, grain, period_start, framework
-- @columns source, series, population
-- @column grain: length of the period; editions have no window beyond themselves
-- @columns period_start, framework
-- @column value: the figure of the period alone
-- @columns base, share_pct, is_small_base, trailing_base
-- @column trailing_pct: share over them
-- @columns trailing_low_pct, trailing_high_pct, centred_base
-- @column centred_pct: share over them
-- @columns centred_low_pct, centred_high_pct
-- @fail trailing_pct between 0 and 100 and centred_pct between 0 and 100
with
shares as (
    select
        shares.*, series.design_effect,
        -- Months are counted in months and all else in days: whole numbers make windows faster than dates and intervals.
        if(grain = 'month', 12 * year(period_start) + month(period_start), period_start - '1970-01-01'::date)
            as place,
        case grain when 'month' then 3 when 'week' then 42 else 0 end as reach,
        case grain when 'month' then 5 when 'week' then 84 else 0 end as reach_back
    from marts.framework_shares as shares
    inner join intermediate.series_populations as series using (source, series, population, grain)
    where share_low_pct is not null and grain <> 'quarter'
),

windows as (
    select
        *, sum(value) over behind as trailing_value, sum(base) over behind as trailing_base,
        sum(value) over around as centred_value,
        sum(base) over around as centred_base
    from shares
    window
        behind as (
            partition by source, series, population, grain, framework order by place
            range between reach_back preceding and current row
        ),
        around as (
            partition by source, series, population, grain, framework order by place
            range between reach preceding and reach following
        )
)

select
    source, series, population, grain, period_start, framework, value, base, share_pct,
    base < 30 as is_small_base, trailing_base::bigint as trailing_base,
    100 * trailing_value / trailing_base as trailing_pct,
    wilson_low_pct(trailing_value, trailing_base, effect := design_effect) as trailing_low_pct,
    wilson_high_pct(trailing_value, trailing_base, effect := design_effect) as trailing_high_pct,
    centred_base::bigint as centred_base, 100 * centred_value / centred_base as centred_pct,
    wilson_low_pct(centred_value, centred_base, effect := design_effect) as centred_low_pct,
    wilson_high_pct(centred_value, centred_base, effect := design_effect) as centred_high_pct
from windows
