-- Links, papers and repositories of the archive by population, month and framework, and of all frameworks together.
-- @grain counted, population, period_start, framework
-- @column counted: links, papers or repositories
-- @column population: all, official or community
-- @column period_start: first day of the month; a repository is dated by its earliest paper of the population
-- @column framework: our id, none where the archive gives no label; all frameworks for what is in the month at all
-- @column member_count: distinct links, papers or repositories
-- @column known_count: those of them that carry a framework label
-- @column source_file: landed file that they come from
-- @fail known_count between 0 and member_count
with

links as (
    select
        paper_id, repository_id, framework, is_official, source_file,
        period_start as in_all,
        if(is_official, period_start, null) as in_official,
        if(is_official, null, period_start) as in_community
    from intermediate.papers_with_code_links_dated
    where reject_reason is null
),

repositories as (
    select
        repository_id,
        min(in_all) as in_all, min(in_official) as in_official, min(in_community) as in_community
    from links
    group by repository_id
),

labels as (
    select repository_id, framework, bool_or(is_official) as has_official, bool_or(not is_official) as has_community
    from links
    group by repository_id, framework
),

-- Each paper and repository once for each of its labels, with its month in every population that it is in with it.
members as (
    select
        'papers' as counted,
        paper_id as member,
        framework,
        in_all,
        any_value(in_official) as in_official,
        any_value(in_community) as in_community
    from links
    group by paper_id, framework, in_all
    union all
    select
        'repositories' as counted,
        labels.repository_id as member,
        labels.framework,
        repositories.in_all,
        if(labels.has_official, repositories.in_official, null) as in_official,
        if(labels.has_community, repositories.in_community, null) as in_community
    from labels
    inner join repositories on repositories.repository_id = labels.repository_id
),

-- A paper or repository with two labels is one in all frameworks together.
together as (
    select
        in_all,
        counted,
        any_value(in_official) as in_official,
        any_value(in_community) as in_community,
        bool_or(framework <> 'none') as is_known,
        bool_or(framework <> 'none' and in_official is not null) as is_known_official,
        bool_or(framework <> 'none' and in_community is not null) as is_known_community
    from members
    group by counted, member, in_all
),

-- A row is a month of one population; those of the others are null in its grouping set.
counts as (
    -- Each link is one record with one label.
    select
        'links' as counted, in_all, in_official, in_community,
        coalesce(framework, 'all frameworks') as framework,
        count(*) as member_count,
        count(*) filter (where framework <> 'none') as known_count
    from links
    group by grouping sets (
        (framework, in_all), (framework, in_official), (framework, in_community), (in_all), (in_official), (in_community)
    )
    union all
    select
        counted, in_all, in_official, in_community, framework,
        count(*) as member_count,
        count(*) filter (where framework <> 'none') as known_count
    from members
    group by grouping sets (
        (counted, framework, in_all), (counted, framework, in_official), (counted, framework, in_community)
    )
    union all
    select
        counted, in_all, in_official, in_community,
        'all frameworks' as framework,
        count(*) as member_count,
        case
            when in_all is not null then count(*) filter (where is_known)
            when in_official is not null then count(*) filter (where is_known_official)
            else count(*) filter (where is_known_community)
        end as known_count
    from together
    group by grouping sets ((counted, in_all), (counted, in_official), (counted, in_community))
)

select
    counts.counted,
    case
        when counts.in_all is not null then 'all' when counts.in_official is not null then 'official' else 'community'
    end as population,
    coalesce(counts.in_all, counts.in_official, counts.in_community) as period_start,
    counts.framework,
    counts.member_count,
    counts.known_count,
    landings.source_file
from counts
cross join (select any_value(source_file) as source_file from links) as landings
where coalesce(counts.in_all, counts.in_official, counts.in_community) is not null
