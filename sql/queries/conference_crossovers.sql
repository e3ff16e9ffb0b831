-- At which conference did PyTorch pass TensorFlow, and when?
-- The first edition from which PyTorch stayed ahead. Papers that mention one of the two and not the other.
select
    population as conference,
    led_since as ahead_since,
    period_start as latest_edition,
    a_value::bigint as pytorch_papers,
    b_value::bigint as tensorflow_papers,
    round(a_share_of_pair_pct, 1) as pytorch_share_of_pair_pct
from marts.head_to_head_latest
where source = 'conference_papers'
    and series = 'mentions_unique_live'
    and framework_a = 'pytorch'
    and framework_b = 'tensorflow'
    and leader = 'pytorch'
order by led_since, conference
