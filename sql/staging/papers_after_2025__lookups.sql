-- Repositories that CodeOfPaper's API tells of a paper.
-- @grain paper_id, repository_url
-- @column paper_id: arXiv id, as we asked for it
-- @column arxiv_id: the same
-- @column framework_label: framework as the service names it, lower case; null where it names none
with
answers as (
    select
        *,
        from_json(
            body,
            '{"top_repos": [{"html_url": "VARCHAR", "full_name": "VARCHAR", "framework": "VARCHAR"}],
                "repositories": [{"html_url": "VARCHAR", "full_name": "VARCHAR", "framework": "VARCHAR"}],
                "repos": [{"html_url": "VARCHAR", "full_name": "VARCHAR", "framework": "VARCHAR"}]}'
        ) as told
    from raw.papers_after_2025_answers
    where kind = 'repositories'
),

told as (
    select
        * exclude (told),
        unnest(coalesce(told.top_repos, told.repositories, told.repos)) as repository
    from answers
)

select
    told.subject as population, told.part as paper_id, told.part as arxiv_id,
    coalesce(told.repository.html_url, told.repository.full_name) as repository_url,
    nullif(lower(trim(told.repository.framework)), '') as framework_label,
    told.asked_at, told._source_file as source_file
from told
where coalesce(told.repository.html_url, told.repository.full_name) is not null
qualify row_number() over (partition by told.part, repository_url order by told.asked_at desc, told._source_file desc) = 1
