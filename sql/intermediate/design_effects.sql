-- How much wider an interval of links is because a paper brings several, which are alike: the variance of the first pair's
-- share by papers over that of as many independent links (Kish 1965). Measured where the links themselves are held.
-- @grain source, population
-- @columns source, population, design_effect
-- @fail design_effect >= 1
with
links as (
    select
        'papers_with_code' as source, paper_id, framework,
        unnest(['all', if(is_official, 'official', 'community')]) as population
    from intermediate.papers_with_code_links_dated
    where reject_reason is null
    union all by name
    select 'papers_after_2025' as source, text_id(paper_id) as paper_id, framework, population
    from intermediate.papers_after_2025_links
    where reject_reason is null
),

papers as (
    select
        links.source, links.population,
        count(*) as link_count,
        count(*) filter (where links.framework = pair.framework_a) as a_count
    from links
    inner join intermediate.headline_pair as pair on links.framework in (pair.framework_a, pair.framework_b)
    group by links.source, links.population, links.paper_id
),

shares as (
    select source, population, sum(link_count) as link_count, sum(a_count) / sum(link_count) as share
    from papers
    group by source, population
)

-- Papers that avoid their like would make an interval narrower, which chance does too: never below 1.
select
    papers.source, papers.population,
    greatest(1, coalesce(
        sum(pow(papers.a_count - shares.share * papers.link_count, 2) order by papers.a_count, papers.link_count)
            / nullif(any_value(shares.link_count * shares.share * (1 - shares.share)), 0),
        1
    )) as design_effect
from papers
inner join shares using (source, population)
group by papers.source, papers.population
