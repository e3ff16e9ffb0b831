-- Each repository as GitHub told of it last; what it tells no more does not take away what could be read before.
-- @partition repository
-- @grain repository
-- @column kind: repository, without code, gone or not answerable
select
    repository, kind, asked_at, said,
    kind not in ('gone', 'not answerable') and (
        coalesce(len(said.texts) + len(said.imports), 0) > 0 or coalesce(len(said.unread), 0) = 0
    ) as is_read,
    source_file
from staging.repository_frameworks__answers
qualify row_number() over (partition by repository order by is_read desc, asked_at desc, purpose) = 1
