-- Citations of the papers that introduced the frameworks, by year, in the schema that all sources share.
-- @grain series, population, period_start, framework
-- @column value: citations of the framework's paper in the year
-- @fail value >= 0
with
years as (from staging.openalex_citations__years where citation_count is not null),
papers as (from staging.reference__framework_names where used_for = 'openalex_work'),
landings as (from staging.refresh__landings)

select
    'openalex_citations' as source, 'citations_by_year' as series, 'framework papers' as population, 'year' as grain,
    make_date(years.citation_year, 1, 1) as period_start,
    papers.framework, years.citation_count::double as value, null::bigint as base, 'citations' as unit,
    'full' as quality, null::varchar as reference,
    max(years.source_file) over (partition by years.citation_year) as source_file
from years
inner join papers on papers.name = years.doi
inner join landings using (source_file)
-- The running year is partial: its low figure would look like a fall.
where years.citation_year < year(landings.retrieved_at)
