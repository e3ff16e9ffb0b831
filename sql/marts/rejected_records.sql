-- Records of a source that its series leave out, and why: nothing is dropped in silence.
-- @grain source, source_file, reason
-- @column source: who publishes the records
-- @column source_file: landed file, path below data/raw
-- @column reason: why they are left out
-- @column record_count: records left out for this reason
-- @column record_total: records of the file
-- @fail record_count between 1 and record_total
with

-- One select a source.
links as (
    select
        'papers_with_code' as source,
        source_file,
        reject_reason
    from intermediate.papers_with_code_links_dated
    union all by name
    select
        'papers_after_2025' as source,
        source_file,
        reject_reason
    from intermediate.papers_after_2025_links
),

totals as (
    select
        source_file,
        count(*) as record_total
    from links
    group by source_file
)

select
    links.source,
    links.source_file,
    links.reject_reason as reason,
    count(*) as record_count,
    totals.record_total
from links
inner join totals on totals.source_file = links.source_file
where links.reject_reason is not null
group by links.source, links.source_file, links.reject_reason, totals.record_total
