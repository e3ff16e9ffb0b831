-- PyTorch or TensorFlow: how did research code divide between the two, quarter by quarter?
-- With the 95 percent interval of each quarter; a quarter that no chart draws (under 30 links of both) is left out.
select
    period_label(pairs.grain, pairs.period_start) as period_label,
    pairs.a_value::bigint as pytorch_links,
    pairs.pair_value::bigint as links_of_both,
    round(pairs.a_share_of_pair_pct, 1) as pytorch_pct,
    round(pairs.low_pct, 1) as low_pct,
    round(pairs.high_pct, 1) as high_pct
from marts.head_to_head as pairs
inner join marts.populations as populations
    on (populations.source, populations.series, populations.population, populations.grain)
    = (pairs.source, pairs.series, pairs.population, pairs.grain)
where
    pairs.source = 'papers_with_code'
    and pairs.series = 'links_known'
    and pairs.grain = 'quarter'
    and pairs.framework_a = 'pytorch'
    and pairs.framework_b = 'tensorflow'
    and pairs.is_pair_drawn
    and populations.is_preferred
order by pairs.period_start
