-- Links from papers to code of the three services since Papers With Code ended; links that cannot be dated say why.
-- @grain population, paper_id, repository_key
-- @column framework: our id; unlabelled without a label, other for a label that no row of frameworks.csv claims
-- @column period_start: first day of the month of the paper; null where the link is left out
-- @fail (period_start is null) = (reject_reason is not null)
-- @warn framework <> 'other': links whose framework label is not in frameworks.csv yet, shown as Other
with
graph as (
    select
        'CodeOfPaper' as population, links.paper_id, papers.arxiv_id, papers.published,
        coalesce(repositories.repository_url, links.repository_id) as repository_url,
        repositories.framework_label, links.landed_at as asked_at, links.source_file
    from staging.papers_after_2025__graph_links as links
    left join staging.papers_after_2025__graph_papers as papers using (paper_id)
    left join staging.papers_after_2025__graph_repositories as repositories using (repository_id)
),

told as (
    select * from graph
    union all by name
    select lookups.*, true as is_lookup
    from staging.papers_after_2025__lookups as lookups
    anti join staging.papers_after_2025__graph_papers as papers using (arxiv_id)
    union all by name
    select * from intermediate.papers_after_2025_listed
),

frameworks as (from staging.reference__frameworks),
landings as (from staging.refresh__landings),

-- GitHub's owner/name stands for an address.
addressed as (
    select
        * exclude (repository_url),
        repository_key_of(
            if(regexp_matches(repository_url, '^[\w-]+/[\w.-]+$'), 'https://github.com/', '') || repository_url
        ) as repository_key
    from told
),

keyed as (
    select
        *,
        utc_date(published) as published_date,
        case
            when regexp_matches(arxiv_id, '^\d\d(0[1-9]|1[0-2])\.\d{4,5}(v\d+)?$')
                then make_date(2000 + left(arxiv_id, 2)::integer, arxiv_id[3:4]::integer, 1)
        end as arxiv_month
    from addressed
    qualify row_number() over (partition by population, paper_id, repository_key order by asked_at desc, published) = 1
),

-- Papers With Code ends on 2025-07-28; an arXiv id names only the month. Three days of July are no month.
dated as (
    select
        *,
        max(source_file) over (partition by population) as newest_file,
        coalesce(date_trunc('month', published_date)::date, arxiv_month) as month_start,
        coalesce(published_date >= date '2025-07-29', arxiv_month >= date '2025-08-01') as is_after
    from keyed
)

select
    dated.population, dated.paper_id, dated.repository_key,
    case
        when dated.framework_label is null then 'unlabelled'
        else coalesce(frameworks.framework, 'other')
    end as framework,
    if(
        dated.is_after and dated.month_start >= date '2025-08-01' and dated.month_start <= landings.retrieved_at,
        dated.month_start, null
    ) as period_start,
    case
        when dated.month_start is null then 'no date of the paper'
        when not dated.is_after then 'dated 2025-07-28 or before, in the time of Papers With Code'
        when dated.month_start < date '2025-08-01' then 'dated 29 to 31 July 2025, which are no month'
        when dated.month_start > landings.retrieved_at then 'dated after the list was read'
    end as reject_reason,
    coalesce(dated.is_lookup, false) as is_lookup,
    dated.newest_file as source_file
from dated
inner join landings on landings.source_file = dated.newest_file
left join frameworks
    on dated.framework_label in (frameworks.papers_with_code_label, frameworks.framework, lower(frameworks.label))
