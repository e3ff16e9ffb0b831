-- Which populations may be drawn for a source, and under which choice of the reader they stand.
-- The best population and those that ended before it began share a choice: they make one line with a break.
-- @grain source, series, population, grain
-- @columns source, series, population
-- @column grain: length of the period: the headline's, else the one that serves the eye best
-- @columns choice
-- @column label: name of the choice
-- @columns is_binomial, has_pairs, is_headline, series_order
-- @fail choice is not null and label is not null
with

held as (
    select distinct
        observations.source,
        observations.series,
        observations.population,
        observations.grain
    from intermediate.observations as observations
    inner join intermediate.headline_series as headline on headline.source = observations.source
    -- One window is one picture, the map; it has no time axis.
    where observations.grain <> 'window'
),

grains as (
    select distinct
        held.source,
        held.series,
        held.population,
        held.grain
    from held
    inner join intermediate.headline_series as headline on headline.source = held.source
    qualify row_number() over (
        partition by held.source, held.series, held.population
        order by
            (held.series = headline.series and held.grain = headline.grain) desc,
            grain_order(held.grain)
    ) = 1
),

preferred as (
    select
        parts.source,
        parts.series,
        parts.grain,
        parts.population,
        best.population as choice
    from intermediate.series_populations as parts
    inner join intermediate.series_populations as best
        on best.source = parts.source
        and best.series = parts.series
        and best.grain = parts.grain
        and best.is_preferred
    where parts.is_speaking
)

select
    held.source,
    held.series,
    held.population,
    held.grain,
    coalesce(preferred.choice, held.population) as choice,
    names.label,
    populations.is_binomial,
    populations.has_pairs,
    preferred.choice is not null and headline.series = held.series and headline.grain = held.grain as is_headline,
    populations.series_order
from held
inner join grains
    on grains.source = held.source
    and grains.series = held.series
    and grains.population = held.population
    and grains.grain = held.grain
inner join intermediate.headline_series as headline on headline.source = held.source
left join preferred
    on preferred.source = held.source
    and preferred.series = held.series
    and preferred.grain = held.grain
    and preferred.population = held.population
inner join intermediate.series_populations as populations
    on populations.source = held.source
    and populations.series = held.series
    and populations.population = held.population
    and populations.grain = held.grain
inner join intermediate.series_populations as names
    on names.source = held.source
    and names.series = held.series
    and names.population = coalesce(preferred.choice, held.population)
    and names.grain = held.grain
-- A hundred countries would make a page too heavy to open: the rest is in marts.framework_shares.
qualify dense_rank() over (
    partition by held.source, held.series
    order by populations.rank, coalesce(preferred.choice, held.population)
) <= 12
