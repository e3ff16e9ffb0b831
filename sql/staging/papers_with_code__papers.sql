-- Papers of the archive's papers-with-abstracts, without the abstracts; empty unless the operator asked for them.
-- @grain paper_row
-- @column paper_row: position of the record in the archive
-- @column paper_url: page of the paper, the paper's key
-- @column arxiv_id: arXiv id; null where the archive gives none
-- @column title: title as printed, may hold LaTeX
-- @column published_date: date of the paper; null where missing or malformed
-- @column proceeding: conference and year as the archive spells them
-- @column authors: names in the order of the paper
-- @column source_file: landed file that the record comes from
select
    -- A window function would count too, but only on one core.
    rowid + 1 as paper_row,
    paper_url,
    nullif(trim(arxiv_id), '') as arxiv_id,
    title,
    try_cast(left(date, 10) as date) as published_date,
    nullif(trim(proceeding), '') as proceeding,
    authors,
    _source_file as source_file
from raw.papers_with_code_papers
