-- Papers of the archive's papers-with-abstracts, without the abstracts; empty unless the operator asked for them.
-- @grain paper_row
-- @columns paper_row, paper_url
-- @column arxiv_id: arXiv id; null where the archive gives none
-- @column title: title as printed, may hold LaTeX
-- @columns published_date, proceeding
-- @column authors: names in the order of the paper
-- @columns source_file
select
    -- A window function would count too, but only on one core.
    rowid + 1 as paper_row,
    paper_url,
    nullif(trim(arxiv_id), '') as arxiv_id,
    title,
    try_cast(left(date, 10) as date) as published_date,
    nullif(trim(proceeding), '') as proceeding,
    authors, _source_file as source_file
from raw.papers_with_code_papers
