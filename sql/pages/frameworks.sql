-- Every framework with figures, in order of importance: where it stands in the sources that know it, and whether it gained.
-- @grain framework
-- @columns framework, label, is_compared, organisation, first_release
-- @column source_count: sources with a figure of it
-- @columns first_count
-- @column sentence: its least and its greatest number of a place by size; a place by growth is told beside its figure alone
-- @column detail: where these places are, of what, with the figures
-- @columns moved_sentence, moved_detail, origins, qualities
with
-- Growth says nothing of size: such a list counts where no other knows the framework.
sized as (
    select *, count(*) over (partition by framework) as known_count
    from pages.framework_readings
    qualify has_pairs or not bool_or(has_pairs) over (partition by framework)
),

-- Both sides of each fitted line of two frameworks (marts.substitution).
sides as (
    select *, unnest([framework_a, framework_b]) as framework
    from pages.fits
),

told as (
    select
        sides.framework, sides.gaining, sides.gaining = sides.framework as is_gain,
        format('{} {} in {}, {}', if(is_gain, 'on', 'to'), rivals.label, sides.source_label, sides.gain_words) as words,
        row_number() over (partition by sides.framework, is_gain
            order by sides.fitted_until desc, rivals.framework_order, sides.source_label, sides.population) as position
    from sides
    inner join marts.frameworks as rivals
        on rivals.framework = if(sides.framework = sides.framework_a, sides.framework_b, sides.framework_a)
),

moved as (
    select
        framework,
        count(*) as line_count,
        count(*) filter (where is_gain) as gain_count,
        count(*) filter (where not is_gain) as loss_count,
        concat_ws(' ',
            format('It gained {}.', string_agg(words, '; ' order by position) filter (where is_gain and position <= 2)),
            format('It lost {}.', string_agg(words, '; ' order by position) filter (where not is_gain and position <= 2))
        ) as detail
    from told
    group by framework
),

counted as (
    select
        framework,
        count(*) as source_count, count(place) as placed_count, count(*) filter (where place = 1) as first_count,
        any_value(known_count) as known_count,
        min_by(sized, (place, -listed_count, source)) filter (where place is not null) as best,
        max_by(sized, (place, -listed_count, source)) filter (where place is not null) as worst,
        string_agg(place_figure, '; ' order by source) filter (where place is null) as none_source,
        string_agg(distinct origin, '|' order by origin) as origins,
        string_agg(distinct quality, '|' order by quality) as qualities
    from sized
    group by framework
)

select
    counted.framework, frameworks.label, frameworks.is_compared, frameworks.organisation,
    frameworks.first_release, counted.source_count, counted.first_count,
    case
        when placed_count = 0 then format('{} has no place: the newest figures that ask for it count none', label)
        when placed_count = 1 then format('{} stands at place {} in the one source that {}', label, best.place_words,
            if(known_count = 1, 'knows it', 'counts any of it'))
        when best.place = worst.place then format('{} stands at place {} in each of {} sources', label, best.place, placed_count)
        else format('{} stands between place {} and place {} in the newest figures of {} sources', label, best.place_words,
            worst.place_words, placed_count)
    end as sentence,
    concat_ws(' ',
        if(placed_count = 1, format('In {}.', best.place_figure), format('Place {} in {}, {} in {}.', best.place_words,
            best.place_figure, worst.place_words, worst.place_figure)),
        format('None is counted in {}.', none_source),
        if(known_count > source_count, 'Left out here: figures of growth, which say nothing of size.', null)) as detail,
    case
        when line_count is null
            then format('Nothing is said of {} rising or falling: no series of it is fitted beside another framework', label)
        when gain_count + loss_count = 0 then format('In none of {} fitted series is {} shown to gain on another framework, or '
            'to lose to one', line_count, label)
        else format('{} is shown to gain on another framework in {} of {} fitted series, and to lose to one in {}', label,
            gain_count, line_count, if(loss_count = 0, 'none', loss_count::varchar))
    end as moved_sentence,
    nullif(moved.detail, '') as moved_detail,
    counted.origins, counted.qualities
from counted
inner join marts.frameworks as frameworks using (framework)
left join moved using (framework)
order by frameworks.framework_order
