-- Papers with code of each conference edition by framework label, over all of them and over those with a label.
-- @grain source_file, series, conference, period_start, framework
-- @column source_file: landed file of the links
-- @column series: code_all or code_known
-- @column conference: name in the series
-- @column period_start: first day of the conference month
-- @column framework: our id; none only in code_all
-- @column paper_count: papers with a link of this label; 0 where a label of the archive has none
-- @column paper_total: papers with a link, or with a labelled link
-- @fail paper_count between 0 and paper_total
with

papers as (
    select * from intermediate.conference_papers_code
),

labels as (
    select framework from staging.reference__frameworks where papers_with_code_label is not null
    union
    select framework from papers
),

bases as (
    select
        source_file,
        conference,
        period_start,
        count(distinct paper_url) as all_count,
        count(distinct paper_url) filter (where framework <> 'none') as known_count
    from papers
    group by source_file, conference, period_start
),

counts as (
    select
        source_file,
        conference,
        period_start,
        framework,
        count(*) as paper_count
    from papers
    group by source_file, conference, period_start, framework
),

series as (
    select
        *,
        'code_all' as series,
        all_count as paper_total
    from bases
    union all
    select
        *,
        'code_known' as series,
        known_count as paper_total
    from bases
    where known_count > 0
)

select
    series.source_file,
    series.series,
    series.conference,
    series.period_start,
    labels.framework,
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
