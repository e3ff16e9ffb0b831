-- Verdicts of the previous release; empty before the first release.
-- @grain claim_id
select release_id, claim_id, statement, verdict, reason
from raw.history_claims
