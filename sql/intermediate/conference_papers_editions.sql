-- Imported lists of conference papers, one row per edition and file.
-- @grain source_file
-- @column paper_count: papers of the list
-- @fail paper_count > 0
with
papers as (from staging.conference_papers__papers),
conferences as (from staging.reference__conferences)

select
    papers.source_file, conferences.conference, papers.edition_year,
    make_date(papers.edition_year, conferences.month, 1) as period_start,
    count(*) as paper_count,
    bool_or(len(papers.words) > 0) as is_searched
from papers
inner join conferences using (prefix)
group by papers.source_file, conferences.conference, papers.edition_year, conferences.month
