-- Repositories that declare each package near the end of a month, in the schema that all sources share.
-- @grain series, population, period_start, framework
-- @column period_start: first day of the month at whose end the list was made
-- @column value: repositories
-- @column base: null; a repository may declare several
-- @fail value > 0
with
-- A list may write one repository in two ways.
lists as (
    select
        period_start, source_file,
        repository_key_of(repository_url) as repository_key,
        max(dependent_count) as dependent_count
    from staging.github_dependents__lists
    where dependent_count > 0
    group by period_start, source_file, repository_key_of(repository_url)
),

frameworks as (from staging.reference__frameworks where github_repo is not null)

select
    'github_dependents' as source, 'dependent_repositories' as series,
    'repositories that declare the package' as population, 'month' as grain, lists.period_start, frameworks.framework,
    lists.dependent_count::double as value, null::bigint as base, 'repositories' as unit, 'full' as quality,
    'bestof_ml_dsanr' as reference, lists.source_file
from lists
inner join frameworks on repository_key_of('https://github.com/' || frameworks.github_repo) = lists.repository_key
