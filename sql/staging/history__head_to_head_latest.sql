-- Who led each pair in the newest period, and since when, as the previous release said; empty before the first release.
-- @grain source, series, population, grain, framework_a, framework_b
select
    release_id, source, series, population, grain, framework_a, framework_b, period_start, first_period, leader, led_since,
    a_share_of_pair_pct, is_within_chance, is_headline
from raw.history_head_to_head_latest
