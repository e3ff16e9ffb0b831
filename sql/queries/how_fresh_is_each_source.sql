-- How fresh is each source, and under which licence may its figures be used?
-- Reference means: from the tables that come with the project, nothing was pulled.
select
    source,
    origin,
    latest_period,
    last_success_at,
    row_count,
    licence,
    attribution
from marts.source_status
order by latest_period desc nulls last, source
