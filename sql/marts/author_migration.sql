-- Authors of conference papers who lean to one framework in one year, and to which they lean in a later year.
-- A paper counts when its text names exactly one framework. An author leans to the framework with most such papers of
-- the year: of two frameworks, +1 for each paper of one and -1 for each of the other; who comes out even leans nowhere.
-- Only lists of the nine conferences of the published counts whose texts were searched; authors are told apart by their
-- printed name alone. Empty until lists are imported.
-- @grain year_from, year_to, framework_from, framework_to, is_affiliated_excluded
-- @columns year_from, year_to, framework_from, framework_to, is_affiliated_excluded, author_count, author_total
-- @columns author_share_pct
-- @fail author_count between 1 and author_total
with
editions as (
    select editions.*
    from intermediate.conference_papers_editions as editions
    inner join staging.reference__series as series
        on series.source = 'conference_papers'
        and series.series = 'mentions_unique_live'
        and series.population = editions.conference
),

-- A list that was imported under two prefixes (nips, neurips) counts once.
papers as (
    select
        editions.edition_year, editions.conference, mentions.paper_id,
        any_value(mentions.framework) as framework,
        any_value(mentions.authors) as authors,
        bool_or(mentions.is_affiliated) as is_affiliated
    from intermediate.conference_papers_mentions as mentions
    inner join editions using (source_file)
    where mentions.framework_count = 1
    group by editions.edition_year, editions.conference, mentions.paper_id
),

authored as (
    select distinct
        edition_year, conference, paper_id, framework, is_affiliated,
        unnest(authors) as author
    from papers
),

counted as (
    select edition_year, excluded.is_affiliated_excluded, author, framework, count(*) as paper_count
    from authored
    cross join (values (true), (false)) as excluded (is_affiliated_excluded)
    where not (is_affiliated and excluded.is_affiliated_excluded)
    group by edition_year, excluded.is_affiliated_excluded, author, framework
),

leaning as (
    select
        *,
        rank() over (partition by edition_year, is_affiliated_excluded, author order by paper_count desc) as place,
        count(*) over (partition by edition_year, is_affiliated_excluded, author, paper_count) as equal_count
    from counted
    qualify place = 1 and equal_count = 1
),

moved as (
    select
        earlier.edition_year as year_from, later.edition_year as year_to, earlier.framework as framework_from,
        later.framework as framework_to, earlier.is_affiliated_excluded,
        count(*) as author_count
    from leaning as earlier
    inner join leaning as later
        on later.author = earlier.author
        and later.is_affiliated_excluded = earlier.is_affiliated_excluded
        and later.edition_year > earlier.edition_year
    group by
        earlier.edition_year, later.edition_year, earlier.framework, later.framework, earlier.is_affiliated_excluded
),

totals as (
    select
        *,
        sum(author_count) over (partition by year_from, year_to, framework_from, is_affiliated_excluded)::bigint as author_total
    from moved
)

select *, 100 * author_count / author_total as author_share_pct
from totals
order by year_from, year_to, is_affiliated_excluded desc, framework_from, framework_to
