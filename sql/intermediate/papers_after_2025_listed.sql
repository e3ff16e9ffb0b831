-- Papers with a repository in the lists of paperswithcode.co and Hugging Face Papers, one row per paper and repository.
-- @grain population, list_part, paper_id, repository_url
-- @column repository_url: address of a repository
with
answers as (from staging.papers_after_2025__answers),

-- Only what we need is taken out of the bodies: abstracts are ten times as long as the rest.
daily as (
    select
        * exclude (address, body),
        unnest(
            from_json(body, '[{"paper": {"id": "VARCHAR", "publishedAt": "VARCHAR", "githubRepo": "VARCHAR"}}]')
        ) as listed
    from answers
    where population = 'Hugging Face Papers'
),

successor as (
    select
        * exclude (address, body),
        unnest(
            from_json(
                body,
                '{"results": [{"id": "VARCHAR", "arxiv_id": "VARCHAR", "published": "VARCHAR",
                    "repositories": [{"url": "VARCHAR", "owner": "VARCHAR", "name": "VARCHAR"}]}]}'
            ).results
        ) as listed
    from answers
    where population = 'paperswithcode.co'
),

linked as (
    select
        * exclude (listed),
        listed.paper.id as paper_id,
        listed.paper.id as arxiv_id,
        listed.paper."publishedAt" as published,
        listed.paper."githubRepo" as repository_url
    from daily
    union all by name
    select
        * exclude (listed, repository),
        coalesce(repository.url, repository.owner || '/' || repository.name) as repository_url
    from (
        select
            *,
            coalesce(listed.id, listed.arxiv_id) as paper_id,
            listed.arxiv_id as arxiv_id, listed.published as published,
            unnest(listed.repositories) as repository
        from successor
    )
)

select population, list_part, paper_id, arxiv_id, published, repository_url, asked_at, source_file
from linked
where repository_url is not null
qualify row_number() over (partition by population, list_part, paper_id, repository_url order by published desc nulls last) = 1
