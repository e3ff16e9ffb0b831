-- Published claims that were met once and are not met now; `trends verify` and the alerts tell these.
-- @grain claim_id
-- @columns claim_id, statement, reason, is_new
-- @column broke_in: release in which it broke; null where it is this one
with
claims as (from marts.claims),
before as (from intermediate.claims_before)

select claims.claim_id, claims.statement, claims.reason, before.was_met as is_new, before.broke_in
from claims
inner join before using (claim_id)
where
    (claims.verdict = 'inconsistent' and (before.was_met or before.was_broken))
    or (claims.verdict in ('not testable', 'not refuted') and before.was_broken)
order by claims.claim_id
