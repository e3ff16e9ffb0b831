-- Records of a source that its series leave out, and why: nothing is dropped in silence.
-- @grain source, source_file, reason
-- @columns source
-- @column source_file: landed file, path below data/raw; empty for embedded figures
-- @columns reason, record_count
-- @column record_total: records of the file
-- @fail record_count between 1 and record_total
with
links as (from staging.papers_with_code__links),
totals as (select source_file, count(*) as record_total from links group by source_file),

unasked as (
    select * from intermediate.stack_overflow_survey_bases where not has_question and population = 'all respondents'
),

unsearched as (from intermediate.conference_papers_editions where not is_searched),

-- Figures of a source that is landed speak for themselves.
embedded as (
    select * from staging.reference__left_out
    anti join totals on source = 'papers_with_code'
)

-- Where a source is landed here, its own files tell what they leave out.
select bundled.*
from staging.bundle__rejected_records as bundled
anti join (from staging.refresh__landings where not starts_with(source_file, 'bundle/')) as landings
    on landings.source = bundled.source
union all
select
    'papers_with_code' as source, links.source_file, dated.reject_reason as reason,
    count(*) as record_count,
    totals.record_total
from intermediate.papers_with_code_links_dated as dated
inner join links using (link_id)
inner join totals using (source_file)
where dated.reject_reason is not null
group by links.source_file, dated.reject_reason, totals.record_total
union all
select source, '' as source_file, population || ': ' || reason as reason, record_count, record_total
from embedded
union all
select 'google_trends' as source, source_file, reason, record_count, record_total
from intermediate.google_trends_rejected
union all
select
    'stack_overflow_survey' as source, source_file,
    format('the form of {} has no question on frameworks', edition_year) as reason,
    row_count as record_count, row_count as record_total
from unasked
union all
select
    'conference_papers' as source, source_file, 'nobody has searched the texts of their edition' as reason,
    paper_count as record_count, paper_count as record_total
from unsearched
union all
select
    'papers_after_2025' as source, source_file, reject_reason as reason,
    count(*) as record_count,
    any_value(record_total) as record_total
from (
    select source_file, reject_reason, count(*) over (partition by source_file) as record_total
    from intermediate.papers_after_2025_links
)
where reject_reason is not null
group by source_file, reject_reason
