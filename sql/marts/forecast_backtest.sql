-- The Fisher-Pry line fitted up to the end of each year, held against the year after it and against two naive rules.
-- @grain source, series, population, grain, framework_a, framework_b, fitted_to
-- @columns source, series, population, grain, framework_a, framework_b, fitted_to, fitted_count, tested_count
-- @columns model_error_pct, last_value_error_pct, last_trend_error_pct, is_best
-- @fail model_error_pct >= 0 and tested_count > 0
select
    lines.source, lines.series, lines.population, lines.grain, lines.framework_a, lines.framework_b,
    origins.fitted_to, origins.fitted_count, origins.tested_count, origins.model_error_pct,
    origins.last_value_error_pct, origins.last_trend_error_pct,
    origins.model_error_pct < least(origins.last_value_error_pct, origins.last_trend_error_pct) as is_best
from staging.analysis__forecast_origins as origins
inner join intermediate.pair_lines as lines using (line)
