-- Links of the archive with their month, paper, repository and framework as numbers; links that cannot be dated say why.
-- @partition rows
-- @grain link_id
-- @column paper_id: number that stands for the paper's address (see the macro text_id)
-- @column repository_id: number that stands for the repository's host, owner and name (see repository_key_of)
-- @column framework_order: of the framework (staging.reference__frameworks); 0 for a label that no row of frameworks.csv claims
-- @column period_start: first day of the month of the arXiv id; null where it cannot be dated
-- @column reject_reason: why the link cannot be dated; null where it can
-- @fail (period_start is null) = (reject_reason is not null)
-- @fail paper_id is not null and repository_id is not null
-- @fail framework_order < 63
-- @warn framework_order > 0: links whose framework label is not in frameworks.csv yet, shown as Other
with
links as (from staging.papers_with_code__links),
frameworks as (from staging.reference__frameworks),

-- YYMM stands first in new ids (2104.01234) and after the slash in those before April 2007 (quant-ph/0406196).
keyed as (
    select
        *,
        if(
            regexp_full_match(arxiv_id, '\d{4}\.\d{4,5}(v\d+)?'),
            left(arxiv_id, 4),
            nullif(regexp_extract(arxiv_id, '^[a-zA-Z-]+(\.[a-zA-Z-]+)?/(\d{4})\d{3}(v\d+)?$', 2), '')
        )::integer as year_month
    from links
),

months as (
    select
        *,
        -- arXiv began in 1991, so 91 to 99 are of the last century.
        case
            when year_month % 100 between 1 and 12
                then make_date(if(year_month >= 9100, 1900, 2000) + year_month // 100, year_month % 100, 1)
        end as arxiv_month
    from keyed
)

select
    months.link_id, text_id(months.paper_url) as paper_id,
    text_id(repository_key_of(months.repository_url)) as repository_id,
    -- A text that repeats takes as long to write as one that does not, and three times as long as a number to count by.
    coalesce(frameworks.framework_order, 0)::utinyint as framework_order, months.is_official,
    if(months.arxiv_month <= months.landed_at, months.arxiv_month, null) as period_start,
    case
        when months.arxiv_id is null then 'no arXiv id'
        when months.arxiv_month is null then 'arXiv id of an unknown form'
        when months.arxiv_month <= months.landed_at then null
        else 'arXiv id of a month after the archive was fetched'
    end as reject_reason
from months
left join frameworks on frameworks.papers_with_code_label = months.framework_label
