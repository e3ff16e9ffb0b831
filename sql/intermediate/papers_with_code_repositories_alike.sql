-- Repositories of the archive that have the same label and months, counted; and those of all labels together.
-- @partition repository_id
-- @grain counted, framework, in_all, in_official, in_community
-- @sums member_count, known_count, known_official_count, known_community_count
-- @column counted: repositories
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
    select repository_id, period_start, is_official, 1::bigint << framework_order as label
    from intermediate.papers_with_code_links_dated
    where reject_reason is null
),

-- A repository is dated by its earliest paper of the population; one with two labels is one in all frameworks together.
repositories as (
    select
        min(period_start) as in_all,
        min(period_start) filter (where is_official) as first_official,
        min(period_start) filter (where not is_official) as first_community,
        bit_or(label) as labels,
        coalesce(bit_or(label) filter (where is_official), 0) as official_labels,
        coalesce(bit_or(label) filter (where not is_official), 0) as community_labels
    from links
    group by repository_id
),

-- Repositories that count alike: fewer kinds than repositories.
kinds as (
    select *, count(*) as repository_count
    from repositories
    group by in_all, first_official, first_community, labels, official_labels, community_labels
)

select
    'repositories' as counted, framework, in_all,
    if(official_labels & label <> 0, first_official, null) as in_official,
    if(community_labels & label <> 0, first_community, null) as in_community,
    sum(repository_count)::bigint as member_count,
    if(framework = 'none', 0, member_count) as known_count,
    known_count as known_official_count, known_count as known_community_count
from kinds
inner join frameworks on labels & label <> 0
group by framework, in_all, in_official, in_community
union all
select
    'repositories' as counted, 'all frameworks' as framework, in_all, first_official, first_community,
    sum(repository_count)::bigint,
    coalesce(sum(repository_count) filter (where labels <> unlabelled.label), 0)::bigint,
    coalesce(sum(repository_count) filter (where official_labels not in (0, unlabelled.label)), 0)::bigint,
    coalesce(sum(repository_count) filter (where community_labels not in (0, unlabelled.label)), 0)::bigint
from kinds
cross join unlabelled
group by in_all, first_official, first_community
