-- Figures that only accumulate and that fell by more than 5 percent: a repository that was moved and whose name another
-- one took, a list that ended early. An event that names a break of the series lets them fall.
-- Reads two warehouses, before and after; returns source and reason.
with
accumulating as (
    select source, series, population
    from after.staging.reference__series
    where is_stock and series <> 'open_issues'
),

held as (
    select
        shares.source, shares.series, shares.population, shares.grain, shares.framework,
        max(shares.period_start) as last_period,
        arg_max(shares.value, shares.period_start) as last_value
    from before.marts.framework_shares as shares
    semi join accumulating using (source, series, population)
    where shares.origin <> 'reference'
    group by shares.source, shares.series, shares.population, shares.grain, shares.framework
),

fallen as (
    select found.source, found.series, found.framework, found.period_start, found.value, held.last_value
    from after.marts.framework_shares as found
    inner join held using (source, series, population, grain, framework)
    where
        found.period_start >= held.last_period
        and found.value < 0.95 * held.last_value
        and not exists (
            from after.staging.reference__events as events
            where
                events.is_break
                and events.source = found.source
                and coalesce(events.series, found.series) = found.series
                and coalesce(events.framework, found.framework) = found.framework
                and events.event_date between held.last_period and found.period_start + interval 1 month
        )
)

select
    source,
    format(
        'figures that only accumulate have fallen: {}, among them {} in {}, {} from {} to {}',
        count(*),
        arg_max(framework, last_value - value),
        arg_max(series, last_value - value),
        arg_max(period_start, last_value - value),
        arg_max(last_value, last_value - value)::bigint,
        arg_max(value, last_value - value)::bigint
    ) as reason
from fallen
group by source
order by source
