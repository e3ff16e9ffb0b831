-- Links and papers of the archive that have the same label and months, counted; and papers of all labels together.
-- @partition paper_id
-- @grain counted, framework, in_all, in_official, in_community
-- @sums member_count, known_count, known_official_count, known_community_count
-- @column counted: links or papers
-- @column framework: our id, none where the archive gives no label; all frameworks for what is in the months at all
-- @columns in_all, in_official, in_community, member_count, known_count, known_official_count, known_community_count
with
links as (
    select
        paper_id, framework, period_start as in_all,
        if(is_official, period_start, null) as in_official,
        if(is_official, null, period_start) as in_community
    from intermediate.papers_with_code_links_dated
    where reject_reason is null
),

-- Each paper once for each of its labels, with its month in every population that it is in with it.
papers as (
    select
        paper_id, framework, in_all,
        any_value(in_official) as in_official,
        any_value(in_community) as in_community
    from links
    group by paper_id, framework, in_all
),

-- A paper with two labels is one in all frameworks together.
together as (
    select
        in_all,
        any_value(in_official) as in_official,
        any_value(in_community) as in_community,
        bool_or(framework <> 'none') as is_known,
        bool_or(framework <> 'none' and in_official is not null) as is_known_official,
        bool_or(framework <> 'none' and in_community is not null) as is_known_community
    from papers
    group by paper_id, in_all
),

-- Each link is one record with one label.
alike as (
    select 'links' as counted, framework, in_all, in_official, in_community, count(*) as member_count
    from links
    group by framework, in_all, in_official, in_community
    union all
    select 'papers' as counted, framework, in_all, in_official, in_community, count(*) as member_count
    from papers
    group by framework, in_all, in_official, in_community
),

of_labels as (
    select
        *,
        if(framework = 'none', 0, member_count) as known_count,
        known_count as known_official_count, known_count as known_community_count
    from alike
)

select
    counted, framework, in_all, in_official, in_community,
    member_count, known_count, known_official_count, known_community_count
from of_labels
union all
select
    counted, 'all frameworks' as framework, in_all, in_official, in_community,
    sum(member_count)::bigint, sum(known_count)::bigint, sum(known_official_count)::bigint,
    sum(known_community_count)::bigint
from of_labels
where counted = 'links'
group by counted, in_all, in_official, in_community
union all
select
    'papers' as counted, 'all frameworks' as framework, in_all, in_official, in_community,
    count(*), count(*) filter (where is_known), count(*) filter (where is_known_official),
    count(*) filter (where is_known_community)
from together
group by in_all, in_official, in_community
