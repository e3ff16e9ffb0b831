-- Periods that the previous release had from landed files and that the new one has lost.
-- Older periods may fall out of a rolling window: only one after the first that is still there counts as lost.
-- Reads two warehouses, before and after; returns source and reason.
with
held as (
    select distinct source, series, population, grain, period_start
    from before.marts.framework_shares
    where origin <> 'reference'
),

found as (
    select distinct source, series, population, grain, period_start
    from after.marts.framework_shares
    where origin <> 'reference'
),

starts as (
    select source, series, population, grain, min(period_start) as first_period
    from found
    group by source, series, population, grain
),

lost as (
    select held.source, held.series, held.grain, held.period_start
    from held
    left join starts using (source, series, population, grain)
    anti join found using (source, series, population, grain, period_start)
    where starts.first_period is null or held.period_start > starts.first_period
)

select
    landed_by(source, series) as source,
    format(
        'periods have vanished: {} in {}, among them {} of {}',
        count(*),
        string_agg(distinct series, ', ' order by series),
        min(period_start),
        min_by(series || ' by ' || grain, period_start)
    ) as reason
from lost
group by landed_by(source, series)
order by landed_by(source, series)
