-- Papers of CodeOfPaper's dump with their dates.
-- @grain paper_id
-- @column arxiv_id: arXiv id; null where the dump gives none
-- @column published: date or time as the dump writes it
select paper as paper_id, min(nullif(trim(arxiv_id), '')) as arxiv_id, min(published) as published
from raw.papers_after_2025_graph_papers
where paper is not null
group by paper
