-- Links between papers and code repositories, one row per record of the archive, in our names.
-- @grain link_id
-- @column link_id: position of the record in the archive
-- @column arxiv_id: arXiv id, without a version; null where the archive gives none
-- @column repository_url: address of the repository as given
-- @column framework_label: framework label of the archive, lower case; none where it gives none
-- @column landed_at: when the archive was fetched, in UTC
select
    -- A window function would count too, but only on one core.
    rowid + 1 as link_id,
    paper_url,
    nullif(trim(paper_arxiv_id), '') as arxiv_id,
    repo_url as repository_url,
    coalesce(is_official, false) as is_official,
    -- The archive writes the word none; a reader of the JSON form may meet a null instead.
    coalesce(nullif(lower(trim(framework)), ''), 'none') as framework_label,
    _landed_at as landed_at, _source_file as source_file
from raw.papers_with_code_links
