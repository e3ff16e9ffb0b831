-- Every claim uses a known measure, and its published value is a number, or a date where its unit is date.
select claim_id, measure, published_value
from staging.reference__claims
where
    measure not in (
        'share', 'sum_share', 'pair_share', 'difference', 'ratio', 'change', 'growth_ratio', 'rank',
        'min_over_populations', 'first_lead', 'event_year', 'agreement'
    )
    or if(
        unit = 'date',
        try_cast(published_value as date) is null,
        try_cast(published_value as double) is null
    )
