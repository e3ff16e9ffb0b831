-- Each population with figures at each grain, with what series.csv says of it, and whether it speaks for its series.
-- A full archive (rank 1) replaces a sample by itself; "pip only" stands before "all installers" as a part of its own,
-- because series.csv says so: what another program counted is never continued.
-- @grain source, series, population, grain
-- @fail is_binomial is not null and design_effect >= 1
with
held as (
    select
        source, series, population, grain, min(period_start) as first_period,
        max(period_start) as latest_period
    from intermediate.observations
    group by source, series, population, grain
),

-- By its own name, else by the pattern in <>.
described as (
    select
        held.*, replace(series.label, series.population, held.population) as label,
        series.population = held.population as is_named, series.is_binomial,
        series.is_binomial and list_contains(string_split(series.grains, '|'), 'quarter') as is_summed,
        series.has_pairs, series.is_stock, series.rank, series.continued_by, series.reading_error,
        series.design_effect as design_effect_given, series.series_order
    from held
    inner join staging.reference__series as series
        on series.source = held.source
        and series.series = held.series
        and (series.population = held.population or starts_with(series.population, '<'))
    qualify row_number() over (
        partition by held.source, held.series, held.population, held.grain order by is_named desc, series.rank
    ) = 1
),

ranked as (
    select
        *, row_number() over best_first as place,
        first_value(population) over best_first as preferred_population,
        first_value(first_period) over best_first as preferred_from
    from described
    window best_first as (partition by source, series, grain order by rank, population)
)

select
    ranked.source, ranked.series, ranked.population, grain, label, is_named, is_binomial, is_summed, has_pairs,
    is_stock, rank, reading_error,
    coalesce(effects.design_effect, design_effect_given, 1) as design_effect,
    series_order, first_period, latest_period, place = 1 as is_preferred,
    place = 1
        or coalesce(continued_by = preferred_population and latest_period < preferred_from, false) as is_speaking
from ranked
-- Papers and repositories are counted once each; links of one paper are not independent.
left join intermediate.design_effects as effects
    on effects.source = ranked.source and effects.population = ranked.population and starts_with(ranked.series, 'links')
