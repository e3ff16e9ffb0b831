-- Links, papers and repositories of the archive by population, month and framework, and of all frameworks together.
-- @grain counted, population, period_start, framework
-- @columns counted, population
-- @column period_start: first day of the month; a repository is dated by its earliest paper of the population
-- @column framework: our id, none where the archive gives no label; all frameworks for what is in the month at all
-- @columns member_count, known_count, source_file
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
        'papers' as counted, paper_id as member, framework, in_all,
        any_value(in_official) as in_official, any_value(in_community) as in_community
    from links
    group by paper_id, framework, in_all
    union all
    select
        'repositories' as counted, labels.repository_id as member, labels.framework, repositories.in_all,
        if(labels.has_official, repositories.in_official, null) as in_official,
        if(labels.has_community, repositories.in_community, null) as in_community
    from labels
    inner join repositories on repositories.repository_id = labels.repository_id
),

-- A paper or repository with two labels is one in all frameworks together.
together as (
    select
        in_all, counted, any_value(in_official) as in_official, any_value(in_community) as in_community,
        bool_or(framework <> 'none') as is_known,
        bool_or(framework <> 'none' and in_official is not null) as is_known_official,
        bool_or(framework <> 'none' and in_community is not null) as is_known_community
    from members
    group by counted, member, in_all
),

-- Links, papers and repositories with one label and the same months are counted first, then the months of a population:
-- a few thousand rows instead of all members for each of the three.
alike as (
    -- Each link is one record with one label.
    select 'links' as counted, framework, in_all, in_official, in_community, count(*) as member_count
    from links
    group by framework, in_all, in_official, in_community
    union all
    select counted, framework, in_all, in_official, in_community, count(*) as member_count
    from members
    group by counted, framework, in_all, in_official, in_community
),

known as (
    select *, if(framework = 'none', 0, member_count) as known, known as known_official, known as known_community
    from alike
    union all
    select * replace ('all frameworks' as framework), if(framework = 'none', 0, member_count) as known, known, known
    from alike
    where counted = 'links'
    union all
    select
        counted, 'all frameworks' as framework, in_all, in_official, in_community,
        count(*) as member_count,
        count(*) filter (where is_known) as known,
        count(*) filter (where is_known_official) as known_official,
        count(*) filter (where is_known_community) as known_community
    from together
    group by counted, in_all, in_official, in_community
),

-- A row is a month of one population; those of the others are null in its grouping set.
counts as (
    select
        counted, in_all, in_official, in_community, framework,
        sum(member_count)::bigint as member_count,
        case
            when in_all is not null then sum(known)
            when in_official is not null then sum(known_official)
            else sum(known_community)
        end::bigint as known_count
    from known
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
    counts.framework,
    counts.member_count,
    counts.known_count,
    landings.source_file
from counts
cross join (select any_value(source_file) as source_file from links) as landings
where coalesce(counts.in_all, counts.in_official, counts.in_community) is not null
