-- Monthly counts of the Papers With Code archive, in the schema that all sources share.
-- @grain series, population, period_start, framework
-- @column period_start: first day of the month; a repository is dated by its earliest paper of the population
-- @column series: what is counted, over everything (_all) or over what carries a label (_known)
-- @column framework: our id; none only in the series over everything
-- @column value: links, papers or repositories with this label; 0 where a label has none that month
-- @column base: links, papers or repositories of the month
-- @fail value between 0 and base
with
-- A few thousand rows instead of all members for each of the three populations.
alike as (
    select * from intermediate.papers_with_code_papers_alike
    union all by name
    select * from intermediate.papers_with_code_repositories_alike
),

landings as (
    select any_value(source_file) as source_file from staging.papers_with_code__links
),

-- A row is a month of one population; those of the others are null in its grouping set.
months as (
    select
        counted,
        case when in_all is not null then 'all' when in_official is not null then 'official' else 'community' end as population,
        coalesce(in_all, in_official, in_community) as period_start, framework,
        sum(member_count)::bigint as member_count,
        case
            when in_all is not null then sum(known_count)
            when in_official is not null then sum(known_official_count)
            else sum(known_community_count)
        end::bigint as known_count
    from alike
    group by grouping sets ((counted, framework, in_all), (counted, framework, in_official), (counted, framework, in_community))
    having coalesce(in_all, in_official, in_community) is not null
),

counts as (from months where framework <> 'all frameworks'),
totals as (from months where framework = 'all frameworks'),

labels as (
    select framework from staging.reference__frameworks where papers_with_code_label is not null
    union
    select framework from counts
),

series as (
    select counted || '_all' as series, member_count as base, *
    from totals
    union all by name
    select counted || '_known' as series, known_count as base, *
    from totals
    where known_count > 0
)

select
    'papers_with_code' as source, series.series, series.population, 'month' as grain, series.period_start,
    labels.framework, coalesce(counts.member_count, 0)::double as value,
    series.base, series.counted as unit, 'full' as quality, null::varchar as reference, landings.source_file
from series
cross join labels
cross join landings
left join counts
    on counts.counted = series.counted and counts.population = series.population
    and counts.period_start = series.period_start and counts.framework = labels.framework
where labels.framework <> 'none' or ends_with(series.series, '_all')
