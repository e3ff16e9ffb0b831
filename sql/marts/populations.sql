-- Every population with figures at each grain: its name, its rank, and whether it speaks for its series.
-- @grain source, series, population, grain
-- @columns source, series, population, grain, label, is_named, is_binomial, has_pairs, reading_error, design_effect
-- @columns rank, series_order, first_period, latest_period, is_preferred, is_speaking
select
    source, series, population, grain, label, is_named, is_binomial, has_pairs, reading_error, design_effect, rank,
    series_order, first_period, latest_period, is_preferred, is_speaking
from intermediate.series_populations
order by series_order, population, grain
