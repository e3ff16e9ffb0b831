-- Verdicts of earlier releases, wherever one differed from the one before it.
-- @grain claim_id, release_id, turn
-- @column definitions: checksum over the definitions that it was decided by; null in releases before there was one
select claim_id, release_id, turn, definitions, verdict
from raw.history_verdicts
