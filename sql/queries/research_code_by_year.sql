-- How did the frameworks' shares of research code change from year to year?
-- Counts are summed before dividing: an average of monthly shares would weigh a month of 3 links like one of 30.
-- From 2017, when both of the first pair were out: code can be younger than its paper.
select
    year(period_start) as year,
    framework,
    sum(link_count)::bigint as links,
    sum(link_total)::bigint as links_with_a_framework,
    round(100.0 * sum(link_count) / sum(link_total), 1) as share_pct
from marts.research_shares_quarterly
where framework in ('pytorch', 'tensorflow', 'jax') and period_start >= date '2017-01-01'
group by year, framework
order by year, share_pct desc, framework
