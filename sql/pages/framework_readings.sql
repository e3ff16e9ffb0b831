-- The newest figure of each framework at every source that knows it, its place and its nearest rivals, in words.
-- Where lists are read unevenly, that is the fullest list of the last twelve months with it.
-- @grain framework, source
-- @column figure_words: the figure, and its share of the base with the interval of counting
-- @column is_first: it has the greatest figure of its list, beyond chance and the errors of readings
-- @column is_last: it has the least, as surely
-- @column first_label: first period with figures of it
with
dated as (
    select
        places.*, held.choice_label, held.has_pairs, held.reading_error,
        if(places.period_start = held.latest_period, held.revision_error, null) as revision_error,
        period_label(grain, places.period_start) as period_label,
        max(places.period_start) over (partition by source, series, places.choice) as last_start,
        max(places.period_start) over (partition by framework, source) as own_last
    from marts.framework_places as places
    inner join marts.populations as held using (source, series, population, grain)
),

newest as (
    select
        *,
        min_by(period_label, period_start) over mine as first_label,
        max(period_start) over here as newer_start,
        format('{} {} in {}', max_by(number_words(value), period_start) over here, unit_words(unit),
            max_by(period_label, period_start) over here) as newer,
        own_last < last_start - interval 1 year as is_ended,
        period_start > max(period_start) over () - interval 3 year as is_recent
    from dated
    window mine as (partition by framework, source), here as (partition by framework, source, series, choice)
    qualify row_number() over (
        partition by framework, source
        order by period_start > own_last - interval 1 year desc, population = choice desc, listed_count desc,
            period_start desc, population
    ) = 1
),

-- Two whose order chance may have made, as the sentences of pairs have it: of each framework, by the other one.
doubts as (
    select source, series, population, grain, period_start, framework, map_from_entries(list((other, words))) as words
    from (
        select
            source, series, population, grain, period_start, unnest([framework_a, framework_b]) as framework,
            unnest([framework_b, framework_a]) as other,
            if(is_order_open, '; order open', '; chance may have made the difference') as words
        from marts.head_to_head_latest
        where is_within_chance
    )
    group by source, series, population, grain, period_start, framework
),

rivalled as (
    select
        newest.*,
        if(above_value - value <= 2 * reading_error, '; order open', coalesce(doubts.words[above], '')) as above_doubt,
        if(value - below_value <= 2 * reading_error, '; order open', coalesce(doubts.words[below], '')) as below_doubt,
        place_words(place, listed_count, coalesce(above_doubt = '; order open' and above_value > value, false),
            coalesce(below_doubt = '; order open', false)) as place_words
    from newest
    left join doubts using (source, series, population, grain, period_start, framework)
)

select
    newest.framework, newest.source, sources.label as source_label, sources.kind, newest.series, newest.choice,
    newest.choice_label, newest.place, newest.listed_count, newest.place_words, newest.has_pairs,
    concat_ws(', ',
        number_words(newest.value) || ' ' || unit_words(newest.unit, newest.value),
        format('{} of {:,}', exact_words(newest.share_pct, newest.share_high_pct - newest.share_low_pct), newest.base),
        between_words(newest.share_low_pct, newest.share_high_pct),
        reading_words(newest.quality, newest.reading_error),
        'not settled: ' || unsettled_words(newest.grain, newest.revision_error)
    ) as figure_words,
    format('{}{} ({}; {})', if(starts_with(newest.choice_label, sources.label), '', sources.label || ', '), newest.choice_label,
        figure_words, newest.period_label) as place_figure,
    if(newest.newer_start > newest.period_start, newest.newer || ', in a list with fewer names', null) as newer_words,
    newest.above, format('{}, {}{}', above.label, number_words(newest.above_value), above_doubt) as above_words,
    newest.below, format('{}, {}{}', below.label, number_words(newest.below_value), below_doubt) as below_words,
    coalesce(newest.place = 1 and below_doubt = '', false) as is_first,
    coalesce(newest.place = newest.listed_count and above_doubt = '', false) as is_last,
    newest.first_label, newest.period_start, newest.period_label, newest.is_recent, newest.is_ended, newest.origin, newest.quality
from rivalled as newest
inner join marts.source_status as sources using (source)
left join marts.frameworks as above on above.framework = newest.above
left join marts.frameworks as below on below.framework = newest.below
order by newest.framework, sources.headline_order
