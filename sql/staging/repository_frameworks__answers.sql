-- What GitHub told of a repository, one row per answer; README, manifests and lines that import, as landed.
-- @grain repository, asked_at, purpose
-- @column kind: repository, without code, gone or not answerable
-- @column said: owner and name now, dates, commit, texts, lines that import, and files that could not be read
-- @fail kind in ('repository', 'without code', 'gone', 'not answerable')
select
    subject as repository, part as purpose, kind, asked_at,
    from_json(
        body,
        '{"name": "VARCHAR", "created_at": "VARCHAR", "commit": "VARCHAR", "committed_at": "VARCHAR",
            "texts": [{"path": "VARCHAR", "text": "VARCHAR"}], "imports": [{"path": "VARCHAR", "text": "VARCHAR"}],
            "unread": [{"path": "VARCHAR", "text": "VARCHAR"}]}'
    ) as said,
    _source_file as source_file
from raw.repository_frameworks_answers
qualify row_number() over (partition by subject, asked_at, part order by _source_file desc) = 1
