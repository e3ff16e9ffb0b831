-- Labels of the archive of Papers With Code that is in use: how many of its links have each.
-- @grain framework
-- @columns framework, link_count
-- @column is_sample: counted in the embedded sample, where the archive is not landed
with
observations as (
    select *
    from intermediate.observations
    where source = 'papers_with_code' and series = 'links_all' and grain = 'month'
        and (population = 'all' or population like 'sample %')
)

select framework, sum(value) as link_count, population <> 'all' as is_sample
from observations
where population = 'all' or not exists (select 1 from observations where population = 'all')
group by framework, population
