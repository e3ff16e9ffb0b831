-- Published claims that were met once and are not met now; `trends verify` and the alerts tell these.
-- @grain claim_id
-- @columns claim_id, statement, reason, is_new
-- @column broke_in: release in which it broke; null where it is this one
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
),

-- How each claim stood before this release, by its last decided verdict: not testable and not refuted decide nothing.
-- A claim is met when confirmed or consistent. It broke when it was met and then was not, by the same definitions.
before as (
    select
        claim_id,
        arg_max(is_met, place) as was_met,
        coalesce(max(place) filter (is_turn and is_news), 0)
        > coalesce(max(place) filter (is_met or (is_turn and not is_news)), 0) as was_broken,
        if(was_broken, arg_max(release_id, place) filter (is_turn and is_news), null) as broke_in
    from turned
    group by claim_id
),

claims as (from marts.claims)

select claims.claim_id, claims.statement, claims.reason, before.was_met as is_new, before.broke_in
from claims
inner join before using (claim_id)
where
    (claims.verdict = 'inconsistent' and (before.was_met or before.was_broken))
    or (claims.verdict in ('not testable', 'not refuted') and before.was_broken)
order by claims.claim_id
