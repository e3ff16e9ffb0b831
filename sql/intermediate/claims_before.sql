-- How each claim stood before this release, by its last decided verdict: not testable and not refuted decide nothing.
-- A claim is met when confirmed or consistent. It broke when it was met and then was not, by the same definitions.
-- @grain claim_id
-- @columns claim_id, was_met, was_broken, broke_in
with
decided as (
    select *, verdict in ('confirmed', 'consistent') as is_met, row_number() over claim as place
    from staging.history__verdicts
    where verdict not in ('not testable', 'not refuted')
    window claim as (partition by claim_id order by release_id, turn)
),

turned as (
    select
        *,
        coalesce(not is_met and lag(is_met) over claim, false) as is_turn,
        definitions is not distinct from lag(definitions) over claim as is_news
    from decided
    window claim as (partition by claim_id order by place)
)

select
    claim_id,
    arg_max(is_met, place) as was_met,
    coalesce(max(place) filter (is_turn and is_news), 0)
    > coalesce(max(place) filter (is_met or (is_turn and not is_news)), 0) as was_broken,
    if(was_broken, arg_max(release_id, place) filter (is_turn and is_news), null) as broke_in
from turned
group by claim_id
