-- Every framework in every country, newest window of each series of searches.
-- @grain series, country, framework
-- @column period_start: first day of the window of searches
-- @column leader: name of the one with the greatest figure
select
    shares.series, shares.population as country, shares.period_start, shares.framework, frameworks.label,
    first_value(frameworks.label) over (
        partition by shares.population, shares.series, shares.period_start
        order by shares.value desc, frameworks.framework_order
    ) as leader,
    printf('%.1f', shares.value) as figure
from marts.framework_shares as shares
inner join marts.frameworks as frameworks using (framework)
where shares.source = 'google_trends' and shares.series like '%_by_country'
qualify dense_rank() over (partition by shares.series, shares.population order by shares.period_start desc) = 1
order by shares.series, country, frameworks.framework_order
