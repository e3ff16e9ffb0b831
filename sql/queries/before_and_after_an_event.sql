-- Did research code change around the release of TensorFlow 2.0?
-- Four quarters before and after; what comes after an event need not come from it.
with

release as (
    select event_date from marts.events where framework = 'tensorflow' and event = 'TensorFlow 2.0'
)

select
    case when quarters.period_start < release.event_date then 'before' else 'after' end as side,
    min(quarters.period_start) as first_quarter,
    max(quarters.period_start) as latest_quarter,
    sum(quarters.link_count)::bigint as tensorflow_links,
    sum(quarters.pair_total)::bigint as links_of_both,
    round(100.0 * sum(quarters.link_count) / sum(quarters.pair_total), 1) as tensorflow_pct
from marts.research_shares_quarterly as quarters
inner join release
    on quarters.period_start >= release.event_date - interval 12 months
    and quarters.period_start < release.event_date + interval 12 months
where quarters.framework = 'tensorflow'
group by side
order by first_quarter
