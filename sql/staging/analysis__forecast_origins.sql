-- Fisher-Pry lines fitted up to a year's end, held against the year after it (flows/warehouse/analysis/forecasting.py).
-- @grain line, fitted_to
select
    line, fitted_to, fitted_count, tested_count, model_error_pct, last_value_error_pct, last_trend_error_pct
from raw.analysis_forecast_origins
