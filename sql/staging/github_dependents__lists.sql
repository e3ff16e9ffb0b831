-- Projects of the best-of lists with the repositories that declare their package; one list a month.
-- @grain period_start, repository_key
-- @columns period_start, list_date, repository_key, dependent_count, source_file
-- @fail dependent_count >= 0
select
    month as period_start,
    list_date,
    repository_key_of(github_url) as repository_key,
    max(github_dependent_project_count::double)::bigint as dependent_count,
    _source_file as source_file
from raw.github_dependents_lists
where github_url is not null
group by month, list_date, repository_key_of(github_url), _source_file
