-- Links, papers and repositories of the archive by population, month and framework, and of all frameworks together.
-- @grain counted, population, period_start, framework
-- @columns counted, population
-- @column period_start: first day of the month; a repository is dated by its earliest paper of the population
-- @column framework: our id, none where the archive gives no label; all frameworks for what is in the month at all
-- @columns member_count, known_count, source_file
-- @fail known_count between 0 and member_count
with
-- A few thousand rows instead of all members for each of the three populations.
alike as (
    select * from intermediate.papers_with_code_papers_alike
    union all by name
    select * from intermediate.papers_with_code_repositories_alike
),

landings as (
    select any_value(source_file) as source_file from intermediate.papers_with_code_links_dated where reject_reason is null
),

-- A row is a month of one population; those of the others are null in its grouping set.
counts as (
    select
        counted, in_all, in_official, in_community, framework,
        sum(member_count)::bigint as member_count,
        case
            when in_all is not null then sum(known_count)
            when in_official is not null then sum(known_official_count)
            else sum(known_community_count)
        end::bigint as known_count
    from alike
    group by grouping sets (
        (counted, framework, in_all), (counted, framework, in_official), (counted, framework, in_community)
    )
)

select
    counts.counted,
    case
        when counts.in_all is not null then 'all' when counts.in_official is not null then 'official' else 'community'
    end as population,
    coalesce(counts.in_all, counts.in_official, counts.in_community) as period_start,
    counts.framework, counts.member_count, counts.known_count, landings.source_file
from counts
cross join landings
where coalesce(counts.in_all, counts.in_official, counts.in_community) is not null
