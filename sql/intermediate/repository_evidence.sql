-- Words of frameworks that stand in a repository's README, manifests and lines that import, by file.
-- @partition repository
-- @grain repository, kind, path, word
-- @column kind: readme, import, include, require or manifest
-- @column path: file in which it stands
-- @column word: as in staging.reference__framework_words; a module's name where no row of it has one
-- @column framework: our id; null for modules that are no framework, or that no row names
with
readings as (from intermediate.repository_readings),
words as (from staging.reference__framework_words),
texts as (select repository, unnest(said.texts, recursive := true) from readings),

kinds as (
    select
        repository, if(starts_with(lower(path), 'readme'), 'readme', 'manifest') as kind, path,
        replace(lower(text), 'tf-idf', '') as text  -- no TensorFlow
    from texts
),

code as (select repository, unnest(said.imports, recursive := true) from readings),

-- Looking for a word is quick, and a pattern that is not the same for all rows is made anew for each: first the one.
named as (
    select
        kinds.repository, kinds.kind, kinds.path, words.word,
        unnest(regexp_extract_all(kinds.text, '\b' || words.word || '\b')) as found_word
    from kinds
    inner join words on words.kind = kinds.kind and contains(kinds.text, words.word)
),

-- from a.b import c; import a.b as c, d
statements as (
    select
        repository, path,
        unnest(
            regexp_extract_all(lower(text), '(?m)(?:^|;)[ \t"'']*((?:from|import)[ \t]+[\w., \t]+)', 1)
        ) as statement
    from code
),

imported as (
    select
        repository, path,
        unnest(if(starts_with(statement, 'from'), [statement[5:]], string_split(statement[7:], ','))) as part
    from statements
),

found as (
    select * exclude (found_word) from named
    union all by name
    select 'import' as kind, repository, path, regexp_extract(part, '^[ \t]*([a-z_]\w*)', 1) as word
    from imported
    union all by name
    select
        'include' as kind, repository, path,
        unnest(
            regexp_extract_all(
                lower(text), '(?m)^#[ \t]*include[ \t]*[<"](?:[\w.]+/)*?(caffe2?|torch|tensorflow)/', 1
            )
        ) as word
    from code
    union all by name
    select
        'require' as kind, repository, path,
        unnest(regexp_extract_all(lower(text), 'require[ \t(]*["''](\w+)', 1)) as word
    from code
    where ends_with(lower(path), '.lua')
),

-- Modules that are known to be none are left out before rows are counted: they are most of them.
known as (
    select found.*, words.framework, words.counts_for
    from found
    left join words using (kind, word)
    where found.word <> ''
        and (words.counts_for in ('label', 'implied') or (found.kind = 'import' and words.word is null))
)

select
    repository, kind, path, word, any_value(framework) as framework,
    any_value(counts_for) as counts_for,
    count(*) as word_count
from known
group by repository, kind, path, word
