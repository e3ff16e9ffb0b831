-- Links, papers and repositories of the archive by population, month and framework: what the shares count.
-- @grain counted, population, period_start, framework, member
-- @column counted: links, papers or repositories
-- @column population: all, official or community
-- @column period_start: first day of the month; a repository is dated by its earliest paper of the population
-- @column framework: our id, none where the archive gives no label
-- @column member: hash of the link, paper or repository
-- @column source_file: landed file that it comes from
with

links as (
    select
        link_id,
        hash(paper_url) as paper,
        hash(repository_key) as repository,
        framework,
        is_official,
        period_start,
        source_file
    from intermediate.papers_with_code_links_dated
    where reject_reason is null
),

populations as (
    select
        *,
        'all' as population
    from links
    union all by name
    select
        *,
        if(is_official, 'official', 'community') as population
    from links
),

repositories as (
    select
        *,
        min(period_start) over (partition by population, repository) as first_period
    from populations
)

select
    'links' as counted,
    population,
    period_start,
    framework,
    link_id::ubigint as member,
    source_file
from populations
union all
select distinct
    'papers' as counted,
    population,
    period_start,
    framework,
    paper as member,
    source_file
from populations
union all
select distinct
    'repositories' as counted,
    population,
    first_period as period_start,
    framework,
    repository as member,
    source_file
from repositories
