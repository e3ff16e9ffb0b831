-- Every landed link is either counted in the series over all links or told in marts.rejected_records.
with
landed as (
    select _source_file as source_file, count(*) as record_count
    from raw.papers_with_code_links
    group by _source_file
),

counted as (
    select source_file, sum(value) as record_count
    from intermediate.papers_with_code_observations
    where series = 'links_all' and population = 'all'
    group by source_file
),

rejected as (
    select source_file, sum(record_count) as record_count
    from marts.rejected_records
    where source = 'papers_with_code'
    group by source_file
)

select
    landed.source_file, landed.record_count as landed_count,
    coalesce(counted.record_count, 0) as counted_count,
    coalesce(rejected.record_count, 0) as rejected_count
from landed
left join counted using (source_file)
left join rejected using (source_file)
where landed.record_count <> coalesce(counted.record_count, 0) + coalesce(rejected.record_count, 0)
