-- How did the frameworks' shares of research code change from year to year?
-- Counts are summed before dividing: an average of monthly shares would weigh a month of 3 links like one of 30.
-- From 2017, when both of the first pair were out: code can be younger than its paper. Only years of four quarters.
select
    year(shares.period_start) as year,
    shares.framework,
    sum(shares.value)::bigint as links,
    sum(shares.base)::bigint as links_with_a_framework,
    round(100.0 * sum(shares.value) / sum(shares.base), 1) as share_pct
from marts.framework_shares as shares
inner join marts.populations as populations
    on (populations.source, populations.series, populations.population, populations.grain)
    = (shares.source, shares.series, shares.population, shares.grain)
where
    shares.source = 'papers_with_code'
    and shares.series = 'links_known'
    and shares.grain = 'quarter'
    and populations.is_preferred
    and shares.framework in ('pytorch', 'tensorflow', 'jax')
    and shares.period_start >= date '2017-01-01'
group by year, shares.framework
having count(*) = 4
order by year, share_pct desc, shares.framework
