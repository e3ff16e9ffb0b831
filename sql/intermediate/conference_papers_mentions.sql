-- Frameworks that the text of a conference paper names.
-- @grain source_file, paper_id, framework
with
papers as (from staging.conference_papers__papers),
words as (from staging.reference__conference_words),

-- A framework without a word of its own in the dictionary is found by its id, should a list hold it.
spellings as (
    select word, framework
    from words
    where framework is not null
    union
    select framework as word, framework
    from staging.reference__frameworks
    where is_framework and framework not in (select word from words)
),

affiliations as (select coalesce(list(word), []) as affiliation_words from words where is_affiliation),

found as (
    select distinct papers.source_file, papers.paper_id, spellings.framework
    from (select source_file, paper_id, unnest(words) as word from papers) as papers
    inner join spellings on spellings.word = papers.word
)

select
    found.source_file, found.paper_id, found.framework,
    count(*) over (partition by found.source_file, found.paper_id) as framework_count,
    list_has_any(papers.words, affiliations.affiliation_words) as is_affiliated,
    papers.authors
from found
inner join papers using (source_file, paper_id)
cross join affiliations
