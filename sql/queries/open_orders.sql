-- In which comparisons may chance have made the difference?
-- The newest 95 percent interval holds one half: a complete count tells who had more, and a sample not even that.
select
    source,
    series,
    population,
    framework_a,
    framework_b,
    period_start,
    pair_value::bigint as pair_value,
    round(a_share_of_pair_pct, 1) as a_share_of_pair_pct,
    round(low_pct, 1) as low_pct,
    round(high_pct, 1) as high_pct
from marts.head_to_head_latest
where is_within_chance and low_pct is not null
order by pair_value desc, source, series, population, grain, framework_a, framework_b
limit 20
