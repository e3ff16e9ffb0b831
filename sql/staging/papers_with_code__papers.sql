-- Papers of the archive's papers-with-abstracts, as far as they are used; empty unless
-- the operator asked for them.
-- @grain paper_row
-- @column arxiv_id: arXiv id; null where the archive gives none
select
    -- A window function would count too, but only on one core.
    rowid + 1 as paper_row,
    paper_url,
    nullif(trim(arxiv_id), '') as arxiv_id,
    try_cast(left(date, 10) as date) as published_date,
    nullif(trim(proceeding), '') as proceeding,
    _source_file as source_file
from raw.papers_with_code_papers
