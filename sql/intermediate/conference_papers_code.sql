-- Papers with code of each conference edition by framework label, over all of them and over those with a label.
-- @grain source_file, series, conference, period_start, framework
-- @columns source_file, series, conference, period_start
-- @column framework: our id; none only in code_all
-- @columns paper_count, paper_total
-- @fail paper_count between 0 and paper_total
with
conferences as (select distinct conference, month from staging.reference__conferences),

-- "CVPR 2019 6", "NeurIPS 2018 12". Its month differs from paper to paper (ICLR 2021 1), so the conference's own month
-- dates an edition, as it does in the counts of mentions.
proceedings as (
    select
        paper_url,
        regexp_extract(proceeding, '^(\S+) (\d{4})( \d{1,2})?$', 1) as name,
        regexp_extract(proceeding, '^(\S+) (\d{4})( \d{1,2})?$', 2) as year_text
    from staging.papers_with_code__papers
),

dated as (
    select distinct
        proceedings.paper_url, conferences.conference,
        make_date(proceedings.year_text::integer, conferences.month, 1) as period_start
    from proceedings
    inner join conferences on lower(conferences.conference) = lower(proceedings.name)
),

-- A paper once for each of its labels.
papers as (
    select distinct
        links.source_file, dated.conference, dated.period_start, dated.paper_url,
        coalesce(frameworks.framework, 'other') as framework
    from dated
    inner join staging.papers_with_code__links as links using (paper_url)
    left join staging.reference__frameworks as frameworks on frameworks.papers_with_code_label = links.framework_label
),

labels as (
    select framework from staging.reference__frameworks where papers_with_code_label is not null
    union
    select framework from papers
),

bases as (
    select
        source_file, conference, period_start,
        count(distinct paper_url) as all_count,
        count(distinct paper_url) filter (where framework <> 'none') as known_count
    from papers
    group by source_file, conference, period_start
),

counts as (
    select source_file, conference, period_start, framework, count(*) as paper_count
    from papers
    group by source_file, conference, period_start, framework
),

series as (
    select *, 'code_all' as series, all_count as paper_total
    from bases
    union all
    select *, 'code_known' as series, known_count as paper_total
    from bases
    where known_count > 0
)

select
    series.source_file, series.series, series.conference, series.period_start, labels.framework,
    coalesce(counts.paper_count, 0) as paper_count,
    series.paper_total
from series
cross join labels
left join counts
    on counts.source_file = series.source_file
    and counts.conference = series.conference
    and counts.period_start = series.period_start
    and counts.framework = labels.framework
where labels.framework <> 'none' or series.series = 'code_all'
