-- How much wider an interval of links is because a paper brings several, which are alike: the variance of the first pair's
-- share by papers over that of as many independent links (Kish 1965). Measured where the links themselves are held.
-- @grain source, population
-- @fail design_effect >= 1
with
archive as (
    select links.paper_id, links.is_official, frameworks.framework = pair.framework_a as is_a
    from intermediate.papers_with_code_links_dated as links
    inner join staging.reference__frameworks as frameworks using (framework_order)
    inner join intermediate.headline_pair as pair on frameworks.framework in (pair.framework_a, pair.framework_b)
    where links.reject_reason is null
),

-- Each paper of the archive once, for all its populations.
papers as (
    select
        count(*) as all_count,
        count(*) filter (where is_a) as all_a_count,
        count(*) filter (where is_official) as official_count,
        count(*) filter (where is_official and is_a) as official_a_count
    from archive
    group by paper_id
),

after as (
    select links.population, count(*) as link_count, count(*) filter (where links.framework = pair.framework_a) as a_count
    from intermediate.papers_after_2025_links as links
    inner join intermediate.headline_pair as pair on links.framework in (pair.framework_a, pair.framework_b)
    where links.reject_reason is null
    group by links.population, links.paper_id
),

-- Papers that bring as many links of both count alike: some hundred kinds in place of all papers.
kinds as (
    select *, count(*) as paper_count
    from papers
    group by all_count, all_a_count, official_count, official_a_count
),

counted as (
    select 'papers_with_code' as source, 'all' as population, all_count as link_count, all_a_count as a_count, paper_count
    from kinds
    union all
    select 'papers_with_code', 'official', official_count, official_a_count, paper_count
    from kinds
    union all
    select 'papers_with_code', 'community', all_count - official_count, all_a_count - official_a_count, paper_count
    from kinds
    union all
    select 'papers_after_2025', population, link_count, a_count, count(*) as paper_count
    from after
    group by population, link_count, a_count
),

shares as (
    select
        source, population,
        sum(paper_count * link_count) as link_total,
        sum(paper_count * a_count) / link_total as share
    from counted
    where link_count > 0
    group by source, population
)

-- Papers that avoid their like would make an interval narrower, which chance does too: never below 1.
select
    counted.source, counted.population,
    greatest(1, coalesce(
        sum(
            counted.paper_count * pow(counted.a_count - shares.share * counted.link_count, 2)
            order by counted.a_count, counted.link_count, counted.paper_count
        ) / nullif(any_value(shares.link_total * shares.share * (1 - shares.share)), 0),
        1
    )) as design_effect
from counted
inner join shares using (source, population)
where counted.link_count > 0
group by counted.source, counted.population
