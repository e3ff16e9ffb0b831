-- The Fisher-Pry line fitted up to the end of each year, held against the year after it and against two naive rules.
-- @grain source, series, population, grain, framework_a, framework_b, fitted_to
-- @columns source, series, population, grain, framework_a, framework_b
-- @column fitted_to: last day whose figures were used
-- @columns fitted_count
-- @column tested_count: periods of the year after it
-- @columns model_error_pct
-- @column last_value_error_pct: the same of the rule that the last trailing window stays as it is
-- @column last_trend_error_pct: the same of the rule that its change over a year goes on, between 0 and 100
-- @columns is_best
-- @fail model_error_pct >= 0 and tested_count > 0
select
    lines.source, lines.series, lines.population, lines.grain, lines.framework_a, lines.framework_b,
    origins.fitted_to, origins.fitted_count, origins.tested_count, origins.model_error_pct,
    origins.last_value_error_pct, origins.last_trend_error_pct,
    origins.model_error_pct < least(origins.last_value_error_pct, origins.last_trend_error_pct) as is_best
from staging.analysis__forecast_origins as origins
inner join intermediate.pair_lines as lines using (line)
