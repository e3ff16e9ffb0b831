-- Posts of the monthly hiring threads, with the words of frameworks in them.
-- @grain post_id
-- @column post_id: id of the post
-- @column thread_id: id of the thread
-- @column thread_month: first day of the month in the thread's title
-- @column words: names found in the text, lower case, each once
-- @column source_file: landed file
-- @fail thread_month is not null
select
    post_id,
    thread_id,
    thread_month,
    words,
    _source_file as source_file
from raw.hn_hiring_posts
