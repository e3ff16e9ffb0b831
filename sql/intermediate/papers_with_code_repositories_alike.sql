-- Repositories of the archive that have the same label and months, counted; and those of all labels together.
-- @partition repository_id
-- @grain counted, framework, in_all, in_official, in_community
-- @sums member_count, known_count, known_official_count, known_community_count
-- @column counted: repositories
-- @column framework: our id, none where the archive gives no label; all frameworks for what is in the months at all
-- @columns in_all, in_official, in_community, member_count, known_count, known_official_count, known_community_count
with
links as (
    select
        repository_id, framework, is_official, period_start as in_all,
        if(is_official, period_start, null) as in_official,
        if(is_official, null, period_start) as in_community
    from intermediate.papers_with_code_links_dated
    where reject_reason is null
),

-- A repository is dated by its earliest paper of the population.
months as (
    select
        repository_id,
        min(in_all) as in_all,
        min(in_official) as in_official,
        min(in_community) as in_community
    from links
    group by repository_id
),

labels as (
    select
        repository_id, framework,
        bool_or(is_official) as has_official,
        bool_or(not is_official) as has_community
    from links
    group by repository_id, framework
),

-- Each repository once for each of its labels, with its month in every population that it is in with it.
repositories as (
    select
        labels.repository_id, labels.framework, months.in_all,
        if(labels.has_official, months.in_official, null) as in_official,
        if(labels.has_community, months.in_community, null) as in_community
    from labels
    inner join months using (repository_id)
),

-- A repository with two labels is one in all frameworks together.
together as (
    select
        in_all,
        any_value(in_official) as in_official,
        any_value(in_community) as in_community,
        bool_or(framework <> 'none') as is_known,
        bool_or(framework <> 'none' and in_official is not null) as is_known_official,
        bool_or(framework <> 'none' and in_community is not null) as is_known_community
    from repositories
    group by repository_id, in_all
)

select
    'repositories' as counted, framework, in_all, in_official, in_community,
    count(*) as member_count,
    count(*) filter (where framework <> 'none') as known_count,
    known_count as known_official_count, known_count as known_community_count
from repositories
group by framework, in_all, in_official, in_community
union all
select
    'repositories' as counted, 'all frameworks' as framework, in_all, in_official, in_community,
    count(*), count(*) filter (where is_known), count(*) filter (where is_known_official),
    count(*) filter (where is_known_community)
from together
group by in_all, in_official, in_community
