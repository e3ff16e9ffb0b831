-- PyTorch or TensorFlow: how did research code divide between the two, quarter by quarter?
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
    and is_pair_drawn
order by quarter, population
