-- Papers of the imported conference lists with their authors and the words found in their text.
-- @grain source_file, paper_id
-- @column edition_year: year of the edition, from the file name
-- @column authors: names in the order of the paper, without stray blanks, HTML entities and repeated titles
-- @column words: words found in the text, lower case; empty also where nobody searched
select
    _source_file as source_file,
    string_split(edition, '_')[1] as prefix,
    string_split(edition, '_')[2]::integer as edition_year,
    id as paper_id,
    trim(name) as title,
    -- ACL and EMNLP 2020 repeat the title as first author; CVPR and NeurIPS lists hold &nbsp; and leading blanks.
    [
        trim(replace(replace(replace(author, '&nbsp;', ' '), chr(160), ' '), '&amp;', '&'))
        for author in authors
        if trim(author) <> trim(name)
    ] as authors,
    [lower(trim(word)) for word in words] as words
from raw.conference_papers
