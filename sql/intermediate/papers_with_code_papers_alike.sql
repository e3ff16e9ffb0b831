-- Links and papers of the archive that have the same label and months, counted; and papers of all labels together.
-- @partition paper_id
-- @grain counted, framework, in_all, in_official, in_community
-- @sums member_count, known_count, known_official_count, known_community_count
-- @column counted: links or papers
-- @column framework: our id, none where the archive gives no label; all frameworks for what is in the months at all
with
-- A set of labels is a number with one bit for each.
frameworks as (
    select framework, 1::bigint << framework_order as label from staging.reference__frameworks
    union all
    select 'other', 1
),

unlabelled as (select coalesce(max(label), 0) as label from frameworks where framework = 'none'),

links as (
    select paper_id, period_start as in_all, is_official, 1::bigint << framework_order as label
    from intermediate.papers_with_code_links_dated
    where reject_reason is null
),

-- Each paper once a month, with its labels in every population.
papers as (
    select
        in_all, bit_or(label) as labels,
        coalesce(bit_or(label) filter (where is_official), 0) as official_labels,
        coalesce(bit_or(label) filter (where not is_official), 0) as community_labels
    from links
    group by paper_id, in_all
),

-- Papers that count alike: some thousand kinds in place of all papers.
kinds as (
    select *, count(*) as paper_count
    from papers
    group by in_all, labels, official_labels, community_labels
),

-- Each link is one record with one label.
alike as (
    select
        'links' as counted, label, in_all, if(is_official, in_all, null) as in_official,
        if(is_official, null, in_all) as in_community, count(*) as member_count
    from links
    group by label, in_all, is_official
    union all
    select
        'papers' as counted, frameworks.label, kinds.in_all,
        if(kinds.official_labels & frameworks.label <> 0, kinds.in_all, null) as in_official,
        if(kinds.community_labels & frameworks.label <> 0, kinds.in_all, null) as in_community,
        sum(kinds.paper_count)::bigint as member_count
    from kinds
    inner join frameworks on kinds.labels & frameworks.label <> 0
    group by frameworks.label, kinds.in_all, in_official, in_community
),

counted as (
    select alike.*, if(alike.label = unlabelled.label, 0, alike.member_count) as known_count
    from alike
    cross join unlabelled
)

select
    counted.counted, frameworks.framework, in_all, in_official, in_community,
    member_count, known_count, known_count as known_official_count, known_count as known_community_count
from counted
inner join frameworks using (label)
union all
select
    'links' as counted, 'all frameworks' as framework, in_all, in_official, in_community,
    sum(member_count)::bigint, sum(known_count)::bigint, sum(known_count)::bigint, sum(known_count)::bigint
from counted
where counted = 'links'
group by in_all, in_official, in_community
union all
-- A paper with two labels is one in all frameworks together.
select
    'papers' as counted, 'all frameworks' as framework, in_all,
    if(official_labels <> 0, in_all, null) as in_official, if(community_labels <> 0, in_all, null) as in_community,
    sum(paper_count)::bigint,
    coalesce(sum(paper_count) filter (where labels <> unlabelled.label), 0)::bigint,
    coalesce(sum(paper_count) filter (where official_labels not in (0, unlabelled.label)), 0)::bigint,
    coalesce(sum(paper_count) filter (where community_labels not in (0, unlabelled.label)), 0)::bigint
from kinds
cross join unlabelled
group by in_all, in_official, in_community
