-- How did Google searches divide between PyTorch and TensorFlow, year by year?
-- An index without a unit: only the ratio within one year and one request means something.
select
    year(period_start) as year,
    count(*) as months,
    round(avg(a_value), 1) as pytorch_index,
    round(avg(b_value), 1) as tensorflow_index,
    round(100.0 * sum(a_value) / sum(a_value + b_value), 1) as pytorch_share_of_pair_pct
from marts.head_to_head
where source = 'google_trends'
    and series = 'search_terms'
    and population = 'region not shown'
    and grain = 'month'
    and framework_a = 'pytorch'
    and framework_b = 'tensorflow'
group by year
order by year
