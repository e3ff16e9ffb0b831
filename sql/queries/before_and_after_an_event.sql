-- Did research code change around the release of TensorFlow 2.0?
-- Four quarters before and after; what comes after an event need not come from it.
with

release as (
    select event_date from marts.events where framework = 'tensorflow' and event = 'TensorFlow 2.0'
),

quarters as (
    select pairs.*
    from marts.head_to_head as pairs
    inner join marts.populations as populations
        on (populations.source, populations.series, populations.population, populations.grain)
        = (pairs.source, pairs.series, pairs.population, pairs.grain)
    where
        pairs.source = 'papers_with_code'
        and pairs.series = 'links_known'
        and pairs.grain = 'quarter'
        and pairs.framework_a = 'pytorch'
        and pairs.framework_b = 'tensorflow'
        and populations.is_preferred
)

select
    case when quarters.period_start < release.event_date then 'before' else 'after' end as side,
    min(quarters.period_start) as first_quarter,
    max(quarters.period_start) as latest_quarter,
    sum(quarters.b_value)::bigint as tensorflow_links,
    sum(quarters.pair_value)::bigint as links_of_both,
    round(100.0 * sum(quarters.b_value) / sum(quarters.pair_value), 1) as tensorflow_pct
from quarters
inner join release
    on quarters.period_start >= release.event_date - interval 12 months
    and quarters.period_start < release.event_date + interval 12 months
group by side
order by first_quarter
