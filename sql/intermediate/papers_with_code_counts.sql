-- Links, papers and repositories of the archive by population, month and framework, and of all frameworks together.
-- @grain counted, population, period_start, framework
-- @column counted: links, papers or repositories
-- @column population: all, official or community
-- @column period_start: first day of the month; a repository is dated by its earliest paper of the population
-- @column framework: our id, none where the archive gives no label; all frameworks for what is in the month at all
-- @column member_count: distinct links, papers or repositories
-- @column known_count: those of them that carry a framework label
-- @column source_file: landed file that they come from
-- @fail known_count between 0 and member_count
with

links as (
    select
        paper_id,
        repository_id,
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
        population,
        repository_id,
        min(period_start) as period_start
    from populations
    group by population, repository_id
),

members as (
    select distinct
        'papers' as counted,
        population,
        period_start,
        framework,
        paper_id as member
    from populations
    union all
    select distinct
        'repositories' as counted,
        populations.population,
        repositories.period_start,
        populations.framework,
        populations.repository_id as member
    from populations
    inner join repositories
        on repositories.population = populations.population
        and repositories.repository_id = populations.repository_id
),

-- A paper or repository with two labels is one in all frameworks together.
together as (
    select
        counted,
        population,
        period_start,
        bool_or(framework <> 'none') as is_known
    from members
    group by counted, population, period_start, member
),

counts as (
    -- Each link is one record with one label.
    select
        'links' as counted,
        population,
        period_start,
        coalesce(framework, 'all frameworks') as framework,
        count(*) as member_count,
        count(*) filter (where framework <> 'none') as known_count
    from populations
    group by grouping sets ((population, period_start, framework), (population, period_start))
    union all
    select
        counted,
        population,
        period_start,
        framework,
        count(*) as member_count,
        count(*) filter (where framework <> 'none') as known_count
    from members
    group by counted, population, period_start, framework
    union all
    select
        counted,
        population,
        period_start,
        'all frameworks' as framework,
        count(*) as member_count,
        count(*) filter (where is_known) as known_count
    from together
    group by counted, population, period_start
)

select
    counts.*,
    landings.source_file
from counts
cross join (select any_value(source_file) as source_file from links) as landings
