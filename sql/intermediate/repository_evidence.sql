-- Words of frameworks that stand in a repository's README, manifests and lines that import, by file.
-- @partition repository
-- @grain repository, kind, path, word
-- @columns repository
-- @column kind: readme, import, include, require or manifest
-- @column path: file in which it stands
-- @column word: as in staging.reference__framework_words; a module's name where no row of it has one
-- @column framework: our id; null for modules that are no framework, or that no row names
-- @columns counts_for, word_count
with

readings as (
    select * from intermediate.repository_readings
),

words as (
    select * from staging.reference__framework_words
),

texts as (
    select
        repository,
        unnest(said.texts, recursive := true)
    from readings
),

code as (
    select
        repository,
        unnest(said.imports, recursive := true)
    from readings
),

-- One pattern of all words, so that each text is read once.
pattern as (
    select '\b(' || string_agg(distinct word, '|' order by word) || ')\b' as of_words
    from words
    where kind in ('readme', 'manifest')
),

named as (
    select
        repository,
        if(starts_with(lower(path), 'readme'), 'readme', 'manifest') as kind,
        path,
        unnest(regexp_extract_all(lower(text), pattern.of_words)) as word
    from texts
    cross join pattern
),

-- from a.b import c, and import a.b as c, d
imported as (
    select
        repository,
        path,
        unnest(regexp_extract_all(lower(text), '(?m)^[ \t"'']*from[ \t]+([a-z_]\w*)', 1)) as word
    from code
    union all
    select
        repository,
        path,
        regexp_extract(trim(part), '^([a-z_]\w*)', 1) as word
    from (
        select
            repository,
            path,
            unnest(
                string_split(
                    array_to_string(
                        regexp_extract_all(lower(text), '(?m)^[ \t"'']*import[ \t]+([\w., \t]+)', 1), ','
                    ),
                    ','
                )
            ) as part
        from code
    )
),

found as (
    select * from named
    union all by name
    select
        'import' as kind,
        *
    from imported
    union all by name
    select
        'include' as kind,
        repository,
        path,
        unnest(
            regexp_extract_all(
                lower(text), '(?m)^#[ \t]*include[ \t]*[<"](?:[\w.]+/)*?(caffe2?|torch|tensorflow)/', 1
            )
        ) as word
    from code
    union all by name
    select
        'require' as kind,
        repository,
        path,
        unnest(regexp_extract_all(lower(text), 'require[ \t(]*["''](\w+)', 1)) as word
    from code
    where ends_with(lower(path), '.lua')
)

select
    found.repository,
    found.kind,
    found.path,
    found.word,
    words.framework,
    words.counts_for,
    count(*) as word_count
from found
left join words on words.kind = found.kind and words.word = found.word
where found.word <> '' and (words.counts_for in ('label', 'implied') or (found.kind = 'import' and words.word is null))
group by found.repository, found.kind, found.path, found.word, words.framework, words.counts_for
