-- The first period from which a claim's framework stays above the other one up to the end of the search.
-- @grain claim_id
with
windows as (
    select
        windows.*,
        windows.f_value - windows.g_value as ahead_by,
        2 * coalesce(windows.reading_error, 0) as error
    from intermediate.claim_windows as windows
    inner join staging.reference__claims as claims on claims.claim_id = windows.claim_id and claims.measure = 'first_lead'
),

-- Walking back from the end, the last period in which it was not above ends the lead.
behind as (
    select
        *,
        max(if(ahead_by > 0, null, slot_start)) over claim as last_behind,
        max(if(ahead_by > -error, null, slot_start)) over claim as last_surely_behind,
        max(if(ahead_by > error, null, slot_start)) over claim as last_perhaps_behind
    from windows
    window claim as (partition by claim_id)
)

select
    claim_id,
    min(slot_start) filter (where coalesce(slot_start > last_behind, true)) as led_from,
    min(slot_start) filter (where coalesce(slot_start > last_surely_behind, true)) as led_from_earliest,
    min(slot_start) filter (where coalesce(slot_start > last_perhaps_behind, true)) as led_from_latest,
    max(slot_start) as searched_to
from behind
group by claim_id
