-- Links of CodeOfPaper's dump from papers to repositories.
-- @grain paper_id, repository_id
-- @columns paper_id, repository_id, landed_at, source_file
select
    paper as paper_id, repository as repository_id,
    max(_landed_at) as landed_at,
    max(_source_file) as source_file
from raw.papers_after_2025_graph_links
group by paper, repository
