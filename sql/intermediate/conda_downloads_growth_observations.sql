-- Growth of the conda totals over twelve months within each channel: the channels' levels do not compare, growth does.
-- @grain population, period_start, framework
-- @column value: percent that the total grew since the same month of the year before; none across a break
-- @column quality: that of the total
-- @column reference: that of the total
-- @column source_file: that of the total
-- @fail value >= 0
with
totals as (
    select * from intermediate.reference_observations
    where source = 'conda_downloads' and series = 'downloads_total'
),

breaks as (from staging.reference__events where is_break and source = 'conda_downloads')

select
    totals.source, 'downloads_growth' as series, totals.population, totals.grain, totals.period_start,
    totals.framework,
    100 * (totals.value / before.value - 1) as value,
    null::bigint as base, 'percent' as unit, totals.quality, totals.reference, totals.source_file
from totals
inner join totals as before
    on before.population = totals.population
    and before.framework = totals.framework
    and before.period_start = totals.period_start - interval 12 month
    and before.value > 0
anti join breaks
    on coalesce(breaks.series, totals.series) = totals.series
    and coalesce(breaks.population, totals.population) = totals.population
    and breaks.event_date > before.period_start
    and breaks.event_date <= totals.period_start
