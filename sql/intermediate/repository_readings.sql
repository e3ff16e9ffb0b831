-- Each repository as GitHub told of it last.
-- @grain repository
-- @columns repository
-- @column kind: repository, without code or gone
-- @columns asked_at, said, source_file
select
    repository,
    kind,
    asked_at,
    said,
    source_file
from staging.repository_frameworks__answers
qualify row_number() over (partition by repository order by asked_at desc, purpose) = 1
