-- Fisher-Pry lines fitted up to a year's end, held against the year after it (flows/warehouse/analysis/forecasting.py).
-- @grain line, fitted_to
-- @column line: number of the source, series, population, grain and pair
-- @column fitted_to: last day whose figures the fit may use
-- @column fitted_count: periods used
-- @column tested_count: periods of the year after it
-- @column model_error_pct: mean absolute error of the fitted line in points, weighted by members where they are counted
-- @column last_value_error_pct: the same of the rule that the last trailing window stays
-- @column last_trend_error_pct: the same of the rule that its change over a year goes on
select
    line,
    fitted_to,
    fitted_count,
    tested_count,
    model_error_pct,
    last_value_error_pct,
    last_trend_error_pct
from raw.analysis_forecast_origins
