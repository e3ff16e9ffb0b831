-- Repositories of CodeOfPaper's dump with their framework.
-- @grain repository_id
select
    repository as repository_id,
    min(address) as repository_url,
    min(nullif(lower(trim(framework)), '')) as framework_label
from raw.papers_after_2025_graph_repositories
where repository is not null
group by repository
