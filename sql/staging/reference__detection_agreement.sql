-- Repositories whose label by Papers With Code is known, by that label and by ours, as measured once.
-- @grain theirs, ours
-- @column ours: framework that our rules give
-- @fail repository_count > 0
select theirs, ours, repository_count
from raw.reference_detection_agreement
