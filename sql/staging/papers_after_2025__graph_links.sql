-- Links of CodeOfPaper's dump from papers to repositories.
-- @grain paper_id, repository_id
select
    paper as paper_id, repository as repository_id,
    max(_landed_at) as landed_at,
    max(_source_file) as source_file
from raw.papers_after_2025_graph_links
group by paper, repository
