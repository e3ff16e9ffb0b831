-- Who led each compared pair in the newest period of the previous release, in the series that speak for their source.
-- @grain source, series, population, grain, framework_a, framework_b
-- @columns source, series, population, grain, framework_a, framework_b
-- @column period_start: first day of the newest period that says who leads
-- @column leader: the one that was ahead by more than the interval
with
frameworks as (from staging.reference__frameworks where is_compared),

shares as (
    select held.*
    from staging.history__framework_shares as held
    inner join intermediate.headline_series as series using (source, series, grain)
)

select
    a.source, a.series, a.population, a.grain, a.framework as framework_a, b.framework as framework_b,
    max(a.period_start) as period_start,
    arg_max(if(a.value > b.value, a.framework, b.framework), a.period_start) as leader
from shares as a
inner join shares as b using (source, series, population, grain, period_start)
inner join frameworks as first on first.framework = a.framework
inner join frameworks as second on second.framework = b.framework and second.framework_order > first.framework_order
left join intermediate.series_populations as series using (source, series, population, grain)
-- As in marts.head_to_head, neither thin counts nor an interval that holds a half say who leads.
where a.value <> b.value
    and is_enough(a.value + b.value, a.share_low_pct is not null)
    and (
        a.share_low_pct is null
        or 50 not between wilson_low_pct(a.value, a.value + b.value, effect := coalesce(series.design_effect, 1))
            and wilson_high_pct(a.value, a.value + b.value, effect := coalesce(series.design_effect, 1))
    )
group by a.source, a.series, a.population, a.grain, a.framework, b.framework
