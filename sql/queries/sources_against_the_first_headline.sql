-- Which sources say the opposite of the first headline?
-- A headline is worth as much as the strongest figure against it.
select
    others.source,
    others.leader,
    others.period_start,
    round(others.leader_share_pct, 1) as leader_share_pct,
    others.sentence,
    others.detail
from marts.headlines as others
inner join marts.headlines as first on first.position = 1
where others.leader <> first.leader
order by others.leader_share_pct desc
