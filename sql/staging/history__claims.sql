-- Verdicts of the release before this one; empty before the first release.
-- @grain claim_id
-- @column release_id: release that said so
-- @column claim_id: claim
-- @column statement: what it says
-- @column verdict: verdict then
-- @column reason: why
select
    release_id,
    claim_id,
    statement,
    verdict,
    reason
from raw.history_claims
