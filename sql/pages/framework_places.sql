-- Where a framework stands among the others of its list, in every period of the choice that tells of it at each source:
-- the one that speaks for the source where it knows the framework, else the first that does.
-- @grain source, framework, period_start, population
-- @columns source, series, choice
-- @column choice_label: name of the choice
-- @columns population, period_start, period_label, framework, label, value, unit, base, share_pct, share_low_pct
-- @columns share_high_pct
-- @column place: 1 for the greatest figure of the period; equal figures share one; a count of 0 has none
-- @columns listed_count, place_words, above, below
-- @column is_speaking: the choice speaks for its source
-- @columns source_position, origin, quality
-- @fail place is null or place between 1 and listed_count
with
placed as (
    select
        lines.*, options.label as choice_label, options.is_headline as is_speaking, options.source_position,
        -- One choice may hold a population and the one that it goes on with.
        min(options.series_order) over (partition by lines.source, lines.series, lines.choice) as choice_order,
        if(held.has_pairs and lines.value = 0, null, rank() over (period order by lines.value desc)) as place,
        count(*) over period as listed_count,
        lag(lines.framework) over (period order by lines.value desc, frameworks.framework_order) as above,
        lead(lines.framework) over (period order by lines.value desc, frameworks.framework_order) as below
    from pages.lines as lines
    inner join pages.options as options using (source, series, choice, population, grain)
    inner join marts.populations as held using (source, series, population, grain)
    inner join marts.frameworks as frameworks using (framework)
    where lines.is_drawn
    window period as (partition by lines.source, lines.series, lines.choice, lines.population, lines.period_start)
)

select
    source, series, choice, choice_label, population, period_start, period_label, framework, label, value, unit, base, share_pct,
    share_low_pct, share_high_pct, place, listed_count, coalesce(format('{} of {}', place, listed_count), 'none at 0')
        as place_words, if(place > 0, above, null) as above, if(place > 0, below, null) as below, is_speaking, source_position,
    origin, quality
from placed
qualify dense_rank() over (partition by source, framework order by is_speaking desc, choice_order, series, choice) = 1
order by framework, source_position, period_start, population
