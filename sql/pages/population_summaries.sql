-- Who leads a pair among many populations of one series: conferences at their newest editions, countries in one window.
-- @grain source, series, window_start, framework_a, framework_b
-- @column source: conference_papers or google_trends
-- @column window_start: first day of the window of searches; null for conferences
-- @column a_count: populations with more of the first, by more than chance where an interval tells
-- @column open_count: populations that leave the order open
-- @column detail: the populations with the smallest and the greatest share of the first
-- @fail a_count + b_count + open_count = population_count and population_count > 0
with
conferences as (
    select
        latest.source, latest.series, null::date as window_start, latest.population, latest.framework_a,
        latest.framework_b, latest.a_share_of_pair_pct,
        if(latest.is_within_chance, null, latest.leader) as leader
    from marts.head_to_head_latest as latest
    inner join marts.source_status as sources
        on sources.source = latest.source
        and sources.headline_series = latest.series
        and sources.headline_grain = latest.grain
    where latest.source = 'conference_papers'
        and latest.population in (select conference from staging.reference__conferences)
),

countries as (
    select
        source, series, period_start as window_start, population, framework_a, framework_b, a_share_of_pair_pct,
        if(is_within_chance, null, leader) as leader
    from marts.head_to_head
    where source = 'google_trends' and grain = 'window' and a_share_of_pair_pct is not null
),

counted as (
    select
        source, series, window_start, framework_a, framework_b,
        count(*) filter (where leader = framework_a) as a_count,
        count(*) filter (where leader = framework_b) as b_count,
        count(*) filter (where leader is null) as open_count,
        count(*) as population_count,
        greatest(a_count, b_count) as most_count,
        min_by(population, (a_share_of_pair_pct, population)) as lowest,
        max_by(population, (a_share_of_pair_pct, population)) as highest,
        min(a_share_of_pair_pct) as lowest_pct,
        max(a_share_of_pair_pct) as highest_pct
    from (from conferences union all from countries)
    group by source, series, window_start, framework_a, framework_b
)

select
    counted.source, counted.series, counted.window_start, counted.framework_a, counted.framework_b, counted.a_count,
    counted.b_count, counted.open_count, counted.population_count,
    case
        when a_count = b_count then format('{} and {} each had more', a.label, b.label)
        when a_count > b_count then format('{} had more than {}', a.label, b.label)
        else format('{} had more than {}', b.label, a.label)
    end || format(if(window_start is null, ' at {} of {} conferences, newest editions', ' in {} of {} countries'),
        most_count, population_count) as sentence,
    format('The share of {} in both together runs from {} ({}) to {} ({}).', a.label,
        percent_words(lowest_pct), lowest, percent_words(highest_pct), highest) as detail
from counted
inner join marts.frameworks as a on a.framework = counted.framework_a
inner join marts.frameworks as b on b.framework = counted.framework_b
order by counted.source, counted.series, counted.window_start desc, counted.framework_a, counted.framework_b
