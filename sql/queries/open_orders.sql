-- In which comparisons is the order of the two still open?
-- The newest 95 percent interval holds one half: the figures do not tell who is ahead.
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
where is_order_open and low_pct is not null
order by pair_value desc, source, series, population, grain, framework_a, framework_b
limit 20
