-- Two frameworks against each other, from either side: whichever is named first, its row is there.
-- @view every row of marts.head_to_head and its mirror
-- @grain source, series, population, grain, period_start, framework, other
-- @columns source, series, population, grain, period_start, framework, other
-- @column value: figure of framework
-- @columns other_value, pair_value, unit, share_of_pair_pct, low_pct, high_pct, leader, is_within_chance
-- @columns is_pair_drawn, origin
-- @column quality: the worse one of both
-- @fail framework <> other
-- @fail share_of_pair_pct is null or share_of_pair_pct between 0 and 100
-- @fail low_pct is null or low_pct <= high_pct
with
head_to_head as (from marts.head_to_head),
sides as (from (values (true), (false)) as sides(is_first))

select
    source, series, population, grain, period_start,
    if(is_first, framework_a, framework_b) as framework,
    if(is_first, framework_b, framework_a) as other,
    if(is_first, a_value, b_value) as value,
    if(is_first, b_value, a_value) as other_value,
    pair_value, unit,
    if(is_first, a_share_of_pair_pct, 100 - a_share_of_pair_pct) as share_of_pair_pct,
    if(is_first, low_pct, 100 - high_pct) as low_pct,
    if(is_first, high_pct, 100 - low_pct) as high_pct,
    leader, is_within_chance, is_pair_drawn, origin, quality
from head_to_head
cross join sides
