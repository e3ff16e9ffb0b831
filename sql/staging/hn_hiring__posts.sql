-- Posts of the monthly hiring threads, with the words of frameworks in them.
-- @grain post_id
-- @column words: names found in the text, lower case, each once
-- @fail thread_month is not null
select post_id, thread_id, thread_month, words, _source_file as source_file
from raw.hn_hiring_posts
