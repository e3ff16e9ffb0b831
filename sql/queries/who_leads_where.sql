-- Who leads at each source, and by how much?
-- The first pair in order of importance, newest period with figures. Sources count different things: never add them up.
select
    source,
    population,
    period_start,
    leader,
    round(leader_share_pct, 1) as leader_share_pct,
    round(low_pct, 1) as low_pct,
    round(high_pct, 1) as high_pct,
    led_since,
    sentence
from marts.headlines
order by position
