-- What the number of a line stands for.
-- @grain line
select
    held.line, held.source, held.series, held.population, held.grain, held.framework_a, held.framework_b,
    min(held.error_model) as error_model,
    bool_or(smoothed.dating_pct is distinct from smoothed.share_pct) as is_thin,
    min(held.period_start) as first_period,
    max(held.period_start) as last_period
from intermediate.pair_values as held
inner join intermediate.pair_smoothed as smoothed using (line, period_start)
group by held.line, held.source, held.series, held.population, held.grain, held.framework_a, held.framework_b
