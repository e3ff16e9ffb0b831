-- The first period from which a claim's framework stays above the other one up to the end of the search.
-- @grain claim_id
-- @column claim_id: claim
-- @column led_from: that period; null where it is not above at the end
-- @column searched_to: last period with figures of both
with

windows as (
    select windows.*
    from intermediate.claim_windows as windows
    inner join staging.reference__claims as claims
        on claims.claim_id = windows.claim_id and claims.measure = 'first_lead'
),

last_behind as (
    select
        claim_id,
        max(slot_start) as searched_to,
        max(slot_start) filter (where not f_value > g_value) as last_not_above
    from windows
    group by claim_id
)

select
    last_behind.claim_id,
    min(windows.slot_start) as led_from,
    last_behind.searched_to
from last_behind
left join windows
    on windows.claim_id = last_behind.claim_id
    and windows.slot_start > coalesce(last_behind.last_not_above, '0001-01-01'::date)
group by last_behind.claim_id, last_behind.searched_to
