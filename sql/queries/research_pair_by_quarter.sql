-- PyTorch or TensorFlow: how did research code divide between the two, quarter by quarter?
-- With the 95 percent interval of each quarter; a quarter below 20 links is left out, as on the page.
select
    period_label,
    link_count as pytorch_links,
    pair_total as links_of_both,
    round(pair_pct, 1) as pytorch_pct,
    round(pair_low_pct, 1) as low_pct,
    round(pair_high_pct, 1) as high_pct
from marts.research_shares_quarterly
where framework = 'pytorch' and is_drawn
order by period_start
