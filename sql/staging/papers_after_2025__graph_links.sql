-- Links of CodeOfPaper's dump from papers to repositories.
-- @grain paper_id, repository_id
-- @column paper_id: the dump's key of the paper
-- @column repository_id: the dump's key of the repository
-- @column landed_at: when the dump was fetched, UTC
-- @column source_file: landed file that the link is in
select
    paper as paper_id,
    repository as repository_id,
    max(_landed_at) as landed_at,
    max(_source_file) as source_file
from raw.papers_after_2025_graph_links
group by paper, repository
