-- For every pair and source: since when the leader of the newest figures has been ahead, or that it always was.
-- @grain source, framework_a, framework_b
-- @column source: who publishes the figures
-- @column source_label: name for people
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column framework: the leader of the newest period
-- @column label: its name
-- @column first_date: day at which a chart draws the first period of the pair
-- @column changed_date: the same of the first period of the lead; null where the series begins with it
-- @column end_date: the same of the newest period
-- @column words: the change or its absence, for a chart
-- @column short_words: the same for a narrow chart
-- @column population: whom or what the newest figures speak of
-- @column source_position: position of the source
-- @column title: what all sources of the pair say together
with

points as (
    select
        *,
        case when a_share_of_pair_pct > 50 then framework_a when a_share_of_pair_pct < 50 then framework_b end as leader
    from marts.head_to_head_preferred
    where is_drawn
),

ends as (
    select
        source,
        framework_a,
        framework_b,
        max_by(leader, period_start) as framework,
        max_by(population, period_start) as population,
        max_by(a_share_of_pair_pct, period_start) as a_share_pct,
        max_by(period_label, period_start) as end_label,
        min(period_middle) as first_date,
        max(period_middle) as end_date
    from points
    group by source, framework_a, framework_b
),

-- Walking back from the newest period, the first one in which the leader was not ahead ends the lead.
walked as (
    select
        ends.source,
        ends.framework_a,
        ends.framework_b,
        max(points.period_middle) filter (where points.leader is distinct from ends.framework) as not_ahead_date
    from ends
    inner join points
        on points.source = ends.source
        and points.framework_a = ends.framework_a
        and points.framework_b = ends.framework_b
    group by ends.source, ends.framework_a, ends.framework_b
),

changes as (
    select
        walked.source,
        walked.framework_a,
        walked.framework_b,
        min(points.period_middle) as changed_date,
        min_by(points.period_label, points.period_start) as changed_label
    from walked
    inner join points
        on points.source = walked.source
        and points.framework_a = walked.framework_a
        and points.framework_b = walked.framework_b
        and points.period_middle > walked.not_ahead_date
    group by walked.source, walked.framework_a, walked.framework_b
),

counted as (
    select
        ends.*,
        changes.changed_date,
        changes.changed_label,
        count(changes.changed_date) over pair as change_count,
        count(*) over pair as source_count
    from ends
    left join changes
        on changes.source = ends.source
        and changes.framework_a = ends.framework_a
        and changes.framework_b = ends.framework_b
    where ends.framework is not null
    window pair as (partition by ends.framework_a, ends.framework_b)
)

select
    counted.source,
    sources.label as source_label,
    counted.framework_a,
    counted.framework_b,
    counted.framework,
    leaders.label,
    counted.first_date,
    counted.changed_date,
    counted.end_date,
    if(counted.changed_date is not null, format('{} since {}', leaders.label, counted.changed_label),
        format('{} from the start, still in {}', leaders.label, counted.end_label)) as words,
    coalesce(counted.changed_label, format('no change by {}', strftime(counted.end_date, '%Y'))) as short_words,
    counted.population,
    sources.headline_order as source_position,
    case
        when change_count = 0
            then format('In no source did the lead between {} and {} change hands', a.label, b.label)
        when change_count = source_count
            then format('The lead between {} and {} changed hands in every source', a.label, b.label)
        else format('The lead between {} and {} changed hands in {} of {} sources', a.label, b.label, change_count,
            source_count)
    end as title
from counted
inner join marts.source_status as sources on sources.source = counted.source
inner join marts.frameworks as leaders on leaders.framework = counted.framework
inner join marts.frameworks as a on a.framework = counted.framework_a
inner join marts.frameworks as b on b.framework = counted.framework_b
order by counted.framework_a, counted.framework_b, source_position
