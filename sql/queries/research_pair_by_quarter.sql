-- PyTorch or TensorFlow: how did research code divide between the two, quarter by quarter?
<<<<<<< HEAD
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
=======
-- Every reading stands by itself: those of the trends page are percents of all implementations and have no base, a sample
-- has counts and an interval. Never join one to another; a quarter below 30 links is left out.
select
    period_start as quarter,
    population,
    round(a_share_of_pair_pct, 1) as pytorch_pct_of_both,
    round(low_pct, 1) as low_pct,
    round(high_pct, 1) as high_pct,
    a_value as pytorch,
    b_value as tensorflow,
    quality
from marts.head_to_head
where source = 'papers_with_code' and series in ('links_known', 'trends_page_share') and grain = 'quarter'
    and framework_a = 'pytorch' and framework_b = 'tensorflow' and period_start >= date '2017-01-01'
    and a_share_of_pair_pct is not null and (low_pct is null or a_value + b_value >= 30)
order by quarter, population
>>>>>>> main
