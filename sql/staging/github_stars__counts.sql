-- Stars, forks and open issues of a repository at the time of a refresh.
-- @grain repository, asked_at
-- @column star_count: stars
-- @fail star_count is not null and fork_count is not null and open_issue_count is not null
select
    subject as repository, asked_at,
    -- Through text: a number that is written as text is one all the same.
    (body::json ->> 'stargazers_count')::bigint as star_count,
    (body::json ->> 'forks_count')::bigint as fork_count,
    (body::json ->> 'open_issues_count')::bigint as open_issue_count,
    _source_file as source_file
from raw.github_stars_answers
where kind = 'now'
qualify row_number() over (partition by subject, asked_at order by _source_file desc) = 1
