-- Citations of framework papers by year.
-- @grain doi, citation_year
-- @fail citation_count is null or citation_count >= 0
select distinct
    doi_asked as doi,
    year::integer as citation_year,
    cited_by_count::bigint as citation_count,
    _source_file as source_file
from raw.openalex_citations_years
