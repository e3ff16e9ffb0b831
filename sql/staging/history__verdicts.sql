-- Verdicts of earlier releases, wherever one differed from the one before it.
-- @grain claim_id, release_id, turn
-- @column claim_id: claim
-- @column release_id: release that said so
-- @column turn: 0 what it said, 1 what a later version would have said in its place
-- @column definitions: checksum over the definitions that it was decided by; null in releases before there was one
-- @column verdict: confirmed, consistent, not refuted, inconsistent or not testable
select
    claim_id,
    release_id,
    turn,
    definitions,
    verdict
from raw.history_verdicts
