-- What earlier releases said had changed; a release whose pages were drawn anew said it twice.
-- @grain release_id, change_order
select distinct release_id, change_order, kind, subject, source, period_start, sentence, release_before
from raw.history_changes
