-- Every population with figures at each grain: its name, its rank, and whether it speaks for its series.
-- The preferred one and the one that it goes on with share a choice: they make one line with a break.
-- @grain source, series, population, grain
-- @columns source, series, population, grain, label, is_named, is_binomial, has_pairs, is_stock, reading_error, design_effect
-- @columns rank, series_order, first_period, latest_period, is_preferred, is_speaking, choice, choice_label, is_of_headline
-- @columns is_charted, revision_error
with
-- A page that goes on counting shows its newest period unfinished.
reread as (
    select ended.source, ended.series, ended.grain, max(abs(later.value - seen.value)) as revision_error
    from intermediate.series_populations as ended
    inner join intermediate.series_populations as newer
        on (newer.source, newer.series, newer.grain) = (ended.source, ended.series, ended.grain)
        and newer.latest_period > ended.latest_period
    inner join intermediate.observations as seen
        on (seen.source, seen.series, seen.population, seen.grain, seen.period_start)
        = (ended.source, ended.series, ended.population, ended.grain, ended.latest_period)
    inner join intermediate.observations as later
        on (later.source, later.series, later.population, later.grain, later.period_start, later.framework)
        = (newer.source, newer.series, newer.population, newer.grain, seen.period_start, seen.framework)
    where seen.quality = 'digitised'
    group by ended.source, ended.series, ended.grain
)

select
    source, series, population, grain, label, is_named, is_binomial, has_pairs, is_stock, reading_error, design_effect, rank,
    series_order, first_period, latest_period, is_preferred, is_speaking,
    if(is_speaking, max_by(population, is_preferred) over alike, population) as choice,
    if(is_speaking, max_by(label, is_preferred) over alike, label) as choice_label,
    headline.headline_order is not null as is_of_headline,
    -- One window is one picture, the map; it has no time axis.
    grain <> 'window' and 1 = row_number() over (
        partition by source, series, population order by grain = 'window', is_of_headline desc, grain_order(grain), grain
    ) as is_charted,
    if(revision_error > reading_error, revision_error, null) as revision_error
from intermediate.series_populations
left join reread using (source, series, grain)
left join intermediate.headline_series as headline using (source, series, grain)
window alike as (partition by source, series, grain)
order by series_order, population, grain
