-- Papers with a repository in the lists of paperswithcode.co and Hugging Face Papers, one row a paper and repository.
-- @grain population, list_part, paper_id, repository_url
-- @column population: which list
-- @column list_part: days that were asked together
-- @column paper_id: the list's key of the paper
-- @column arxiv_id: arXiv id; null where the list gives none
-- @column published: date or time as the list writes it
-- @column repository_url: address of a repository
-- @column asked_at: when we asked, UTC
-- @column source_file: landed file that the answer is in
with

-- Days that were asked again are told anew as a whole.
newest as (
    select
        *,
        body::json as listed
    from raw.papers_after_2025_answers
    qualify asked_at = max(asked_at) over (partition by subject, part)
),

papers as (
    select
        newest.* exclude (listed),
        unnest(from_json(newest.listed, '["JSON"]')) as paper
    from newest
    where newest.subject = 'Hugging Face Papers'
    union all
    select
        newest.* exclude (listed),
        unnest(from_json(newest.listed -> 'results', '["JSON"]')) as paper
    from newest
    where newest.subject = 'paperswithcode.co'
),

-- Hugging Face keeps the paper one level deeper, and one repository with it.
links as (
    select
        papers.*,
        coalesce(paper -> 'paper', paper) as told,
        coalesce(
            from_json(paper -> 'repositories', '[{"url": "VARCHAR", "owner": "VARCHAR", "name": "VARCHAR"}]'),
            [{'url': paper -> 'paper' ->> 'githubRepo', 'owner': null, 'name': null}]
        ) as repositories
    from papers
),

each as (
    select
        links.* exclude (repositories),
        unnest(repositories) as repository
    from links
),

named as (
    select
        subject as population,
        part as list_part,
        coalesce(told ->> 'id', told ->> 'arxiv_id') as paper_id,
        if(subject = 'Hugging Face Papers', told ->> 'id', told ->> 'arxiv_id') as arxiv_id,
        coalesce(told ->> 'published', told ->> 'publishedAt') as published,
        coalesce(repository.url, repository.owner || '/' || repository.name) as repository_url,
        asked_at,
        _source_file as source_file
    from each
)

select
    population,
    list_part,
    paper_id,
    arxiv_id,
    published,
    repository_url,
    asked_at,
    source_file
from named
where repository_url is not null
qualify row_number() over (
    partition by population, list_part, paper_id, repository_url order by published desc nulls last
) = 1
