-- Which populations may be drawn for a source, and under which choice of the reader they stand.
-- The preferred population and the one that it goes on with share a choice: they make one line with a break.
-- @grain source, series, population, grain
-- @columns source, series, population
-- @column grain: length of the period: the headline's, else the one that serves the eye best
-- @columns choice
-- @column label: name of the choice
-- @columns is_headline, series_order, source_position
-- @fail choice is not null and label is not null
with
held as (
    select
        populations.*, sources.headline_order as source_position,
        coalesce(
            sources.headline_series = populations.series and sources.headline_grain = populations.grain, false
        ) as is_of_headline
    from marts.populations as populations
    inner join marts.source_status as sources using (source)
    -- One window is one picture, the map; it has no time axis.
    where sources.kind is not null and populations.grain <> 'window'
),

of_one_grain as (
    select *
    from held
    qualify dense_rank() over (
        partition by source, series, population order by is_of_headline desc, grain_order(grain), grain
    ) = 1
),

chosen as (
    select
        *,
        max_by(population, is_preferred) over series as preferred_population,
        max_by(label, is_preferred) over series as preferred_label
    from of_one_grain
    window series as (partition by source, series, grain)
)

select
    source, series, population, grain,
    if(is_speaking, preferred_population, population) as choice,
    if(is_speaking, preferred_label, label) as label,
    is_speaking and is_of_headline as is_headline,
    series_order, source_position
from chosen
-- A hundred countries would make a page too heavy to open: the rest is in marts.framework_shares.
qualify dense_rank() over (partition by source, series order by rank, choice) <= 12
order by source_position, series_order, population
