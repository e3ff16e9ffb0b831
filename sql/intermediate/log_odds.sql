-- Log odds of the first framework of every pair, with the weight that each period has in a fit.
-- @grain line, period_start
-- @columns line, grain, period_start, years, log_odds, weight
-- @column share_pct: the first's share of both
-- @columns trailing_pct, is_count, members
-- @fail weight > 0
with

fractions as (
    select
        smoothed.*,
        held.grain,
        case
            when smoothed.error_model = 'counts' then (smoothed.a_value + 0.5) / (smoothed.pair_value + 1)
            else greatest(0.001, least(0.999, smoothed.share_pct / 100))
        end as fraction
    from intermediate.pair_smoothed as smoothed
    inner join intermediate.pair_values as held
        on held.line = smoothed.line and held.period_start = smoothed.period_start
    -- A line for each pair in each of sixty countries would be a million figures that no page shows.
    inner join intermediate.series_populations as populations
        on populations.source = held.source
        and populations.series = held.series
        and populations.population = held.population
        and populations.grain = held.grain
        and populations.is_named
)

select
    line,
    grain,
    period_start,
    datediff('day', '2018-01-01'::date, period_start) / 365.25 as years,
    ln(fraction / (1 - fraction)) as log_odds,
    case
        when error_model = 'counts' then pair_value * fraction * (1 - fraction)
        else pow(4 * fraction * (1 - fraction), 2)
    end as weight,
    share_pct,
    trailing_pct,
    error_model = 'counts' as is_count,
    weight as members
from fractions
