-- Projects of the best-of lists with the repositories that declare their package; one list per month.
-- @grain period_start, repository_url
-- @fail dependent_count >= 0
select
    month as period_start, list_date, github_url as repository_url,
    max(github_dependent_project_count::double)::bigint as dependent_count,
    _source_file as source_file
from raw.github_dependents_lists
where github_url is not null
group by month, list_date, github_url, _source_file
