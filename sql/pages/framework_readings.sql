-- The newest figure of each framework at every source that knows it, its place and its nearest rivals, in words.
-- Where lists are read unevenly, that is the fullest list of the last twelve months with it.
-- @grain framework, source
-- @columns framework, source, source_label, kind, series, choice, choice_label, place, listed_count, place_words
-- @columns has_pairs
-- @column figure_words: the figure, and its share of the base with the interval of counting
-- @columns place_figure, newer_words, above, above_words, below, below_words
-- @column first_label: first period with figures of it
-- @columns period_label, is_ended, origin, quality
with
dated as (
    select
        *,
        max(period_start) over (partition by source, series, choice) as last_start,
        max(period_start) over (partition by framework, source) as own_last
    from pages.framework_places
),

newest as (
    select
        *,
        min_by(period_label, period_start) over mine as first_label,
        max(period_start) over here as newer_start,
        format('{} {} in {}', max_by(number_words(value), period_start) over here, unit_words(unit),
            max_by(period_label, period_start) over here) as newer,
        own_last < last_start - interval 1 year as is_ended
    from dated
    window mine as (partition by framework, source), here as (partition by framework, source, series, choice)
    qualify row_number() over (
        partition by framework, source
        order by period_start > own_last - interval 1 year desc, population = choice desc, listed_count desc,
            period_start desc, population
    ) = 1
),

-- A rival's figure in the same list and period.
rivals as (
    select source, series, choice, population, period_start, framework, label, value
    from pages.lines
    where is_drawn
)

select
    newest.framework, newest.source, sources.label as source_label, sources.kind, newest.series, newest.choice,
    newest.choice_label, newest.place, newest.listed_count, newest.place_words, held.has_pairs,
    concat_ws(', ',
        number_words(newest.value) || ' ' || unit_words(newest.unit, newest.value),
        format('{} of {:,}', percent_words(newest.share_pct), newest.base),
        if(percent_words(newest.share_low_pct) = percent_words(newest.share_high_pct), null,
            format('between {} and {}', percent_words(newest.share_low_pct), percent_words(newest.share_high_pct))),
        reading_words(newest.quality, held.reading_error)
    ) as figure_words,
    format('{}{} ({}; {})', if(starts_with(newest.choice_label, sources.label), '', sources.label || ', '), newest.choice_label,
        figure_words, newest.period_label) as place_figure,
    if(newest.newer_start > newest.period_start, newest.newer || ', in a list with fewer names', null) as newer_words,
    newest.above,
    format('{}, {}{}', above.label, number_words(above.value),
        if(above.value - newest.value <= 2 * held.reading_error, '; order open', '')) as above_words,
    newest.below,
    format('{}, {}{}', below.label, number_words(below.value),
        if(newest.value - below.value <= 2 * held.reading_error, '; order open', '')) as below_words,
    newest.first_label, newest.period_label, newest.is_ended, newest.origin, newest.quality
from newest
inner join marts.source_status as sources using (source)
left join staging.reference__series as held
    on (held.source, held.series, held.population) = (newest.source, newest.series, newest.population)
left join rivals as above
    on (above.source, above.series, above.choice, above.population, above.period_start, above.framework)
    = (newest.source, newest.series, newest.choice, newest.population, newest.period_start, newest.above)
left join rivals as below
    on (below.source, below.series, below.choice, below.population, below.period_start, below.framework)
    = (newest.source, newest.series, newest.choice, newest.population, newest.period_start, newest.below)
order by newest.framework, newest.source_position
