-- Repositories whose label by Papers With Code is known, by that label and by ours, as measured once.
-- @grain theirs, ours
-- @columns theirs
-- @column ours: framework that our rules give
-- @columns repository_count
-- @fail repository_count > 0
select theirs, ours, repository_count
from raw.reference_detection_agreement
