-- How often our label of a repository is the one that Papers With Code gave: by its label, by year, and weighted overall.
-- @grain scope, theirs, year_start
-- @columns scope
-- @column theirs: framework that Papers With Code gave, our id; null where it is not one label
-- @column year_start: first day of the year of the paper; null where it is not one year
-- @columns agreeing_count
-- @column repository_count: repositories looked at whose label is decided
-- @columns agreement_pct, agreement_low_pct, agreement_high_pct, basis
-- @fail agreement_pct between agreement_low_pct - 1e-9 and agreement_high_pct + 1e-9
-- A label of the archive that nobody looked at cannot be weighted in; what is left out is small, or there is no row.
select
    scope, theirs, year_start, agreeing_count, repository_count, agreement_pct, agreement_low_pct, agreement_high_pct,
    basis
from intermediate.detection_agreement
