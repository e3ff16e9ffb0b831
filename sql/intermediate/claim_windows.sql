-- The figures of a claim's two frameworks in each window, over the populations that decide it.
-- @grain claim_id, slot_start
-- @column f_value: figure of the framework
-- @column f_base: base of that figure
-- @column is_sample: some values count members of a sample; all others are complete counts
with
figures as (
    select
        figures.*,
        -- Of the pair where the claim names two, else of the base.
        if(figures.g_value is null, figures.f_base, figures.f_value + figures.g_value) as total
    from intermediate.claim_figures as figures
    inner join intermediate.claim_populations as populations using (claim_id, population)
    where populations.is_enough and figures.is_complete
)

select
    claim_id, slot_start,
    row_number() over (partition by claim_id order by slot_start) as slot_number,
    sum(f_value) as f_value,
    sum(f_base)::bigint as f_base,
    sum(g_value) as g_value,
    if(max(unit) = 'percent', avg(f_value), 100 * sum(f_value) / nullif(sum(f_base), 0)) as f_share_pct,
    if(max(unit) = 'percent', avg(g_value), 100 * sum(g_value) / nullif(sum(g_base), 0)) as g_share_pct,
    100 * sum(f_value) / nullif(sum(f_value) + sum(g_value), 0) as pair_share_pct,
    arg_min(f_value, f_value / nullif(total, 0)) as least_part,
    arg_min(total, f_value / nullif(total, 0)) as least_total,
    string_agg(population || ' ' || printf('%.1f', 100 * f_value / nullif(total, 0)), '; ' order by f_value / total)
        as least_words,
    bool_and(is_binomial) as is_binomial,
    bool_or(list_contains(qualities, 'sample')) as is_sample,
    max(reading_error) as reading_error,
    max(design_effect) as design_effect
from figures
group by claim_id, slot_start
