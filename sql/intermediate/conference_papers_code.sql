-- Papers of conference editions in the Papers With Code archive, with the framework labels of their code.
-- @grain source_file, conference, edition_year, paper_url, framework
-- @column source_file: landed file of the links
-- @column conference: name in the series
-- @column edition_year: year
-- @column period_start: first day of the conference month
-- @column paper_url: the paper's key
-- @column framework: our id; none where a link carries no label, other for a label that frameworks.csv does not have
with

papers as (
    select * from staging.papers_with_code__papers
),

links as (
    select * from staging.papers_with_code__links
),

conferences as (
    select distinct
        conference,
        month
    from staging.reference__conferences
),

frameworks as (
    select * from staging.reference__frameworks
),

-- "CVPR 2019 6", "NeurIPS 2018 12". Its month differs from paper to paper (ICLR 2021 1), so the conference's own month
-- dates an edition, as it does in the counts of mentions.
proceedings as (
    select
        paper_url,
        regexp_extract(proceeding, '^(\S+) (\d{4})( \d{1,2})?$', 1) as name,
        regexp_extract(proceeding, '^(\S+) (\d{4})( \d{1,2})?$', 2) as year_text
    from papers
),

dated as (
    select distinct
        proceedings.paper_url,
        conferences.conference,
        proceedings.year_text::integer as edition_year,
        make_date(proceedings.year_text::integer, conferences.month, 1) as period_start
    from proceedings
    inner join conferences on lower(conferences.conference) = lower(proceedings.name)
)

select distinct
    links.source_file,
    dated.conference,
    dated.edition_year,
    dated.period_start,
    dated.paper_url,
    coalesce(frameworks.framework, 'other') as framework
from dated
inner join links on links.paper_url = dated.paper_url
left join frameworks on frameworks.papers_with_code_label = links.framework_label
