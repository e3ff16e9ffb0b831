-- Monthly links of each successor of Papers With Code, in the schema that all sources share; never added up.
-- @grain series, population, period_start, framework
-- @column series: links_all over every link, links_known over those with a framework label
-- @column framework: our id; unlabelled and none only in links_all
-- @column value: links with this label; 0 where a label that the service gives has none that month
-- @column base: links of the month
-- @column quality: full; sample where links of the month were told paper by paper
-- @fail value between 0 and base
with
links as (from intermediate.papers_after_2025_links where reject_reason is null),

-- A service that gives labels gives all of those it knows; one that gives none says nothing about any framework.
labels as (
    select distinct population, framework
    from links
    union
    select labelled.population, frameworks.framework
    from (select distinct population from links where framework not in ('unlabelled', 'none')) as labelled
    cross join staging.reference__frameworks as frameworks
    where frameworks.papers_with_code_label is not null and frameworks.framework <> 'none'
),

-- Days of a month that are landed, of a list that is read by windows.
read_days as (
    select
        population, date_trunc('month', first_day)::date as period_start,
        sum(after_day - first_day) as day_count
    from (
        select distinct
            population,
            split_part(list_part, '/', 1)::date as first_day,
            split_part(list_part, '/', 2)::date as after_day
        from staging.papers_after_2025__answers
        where population = 'paperswithcode.co'
    ) as windows
    group by population, date_trunc('month', first_day)
),

-- A dump ends within a month, of which it has days only; papers since then are looked up one by one.
reach as (
    select max(utc_date(papers.published)) as last_date
    from staging.papers_after_2025__graph_papers as papers
    where utc_date(papers.published) <= (
        select max(landings.retrieved_at)
        from links
        inner join staging.refresh__landings as landings using (source_file)
    )
),

graph_months as (
    select
        links.period_start,
        bool_or(links.is_lookup) or last_day(links.period_start) <= any_value(reach.last_date) as is_covered
    from links
    left join reach on true
    where links.population = 'CodeOfPaper'
    group by links.period_start
),

whole_months as (
    select links.*
    from links
    left join read_days using (population, period_start)
    left join graph_months using (period_start)
    where
        case links.population
            when 'paperswithcode.co' then read_days.day_count = day(last_day(links.period_start))
            when 'CodeOfPaper' then graph_months.is_covered
            else true
        end
),

bases as (
    select
        population, period_start, source_file, if(bool_or(is_lookup), 'sample', 'full') as quality,
        count(*) as all_count,
        count(*) filter (where framework not in ('unlabelled', 'none')) as known_count
    from whole_months
    group by population, period_start, source_file
),

series as (
    select 'links_all' as series, all_count as base, *
    from bases
    union all by name
    select 'links_known' as series, known_count as base, *
    from bases
    where known_count > 0
)

select
    'papers_after_2025' as source, series.series, series.population, 'month' as grain, series.period_start,
    labels.framework, count(links.paper_id)::double as value,
    series.base, 'links' as unit, series.quality,
    case series.population
        when 'CodeOfPaper' then 'codeofpaper_graph'
        when 'paperswithcode.co' then 'paperswithcode_co_api'
        else 'huggingface_daily_papers'
    end as reference,
    series.source_file
from series
inner join labels using (population)
left join links using (population, period_start, framework)
where labels.framework not in ('unlabelled', 'none') or series.series = 'links_all'
group by series.series, series.population, series.period_start, labels.framework, series.base, series.quality,
    series.source_file
