-- Citations of framework papers by year.
-- @grain doi, citation_year
-- @column doi: DOI that was asked for
-- @column citation_year: year of the citing works
-- @column citation_count: citations; null where the source gives none
-- @column source_file: landed file
-- @fail citation_count is null or citation_count >= 0
select distinct
    doi_asked as doi,
    year::integer as citation_year,
    cited_by_count::bigint as citation_count,
    _source_file as source_file
from raw.openalex_citations_years
