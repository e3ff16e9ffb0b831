-- Whether a Fisher-Pry line foretells the next year better than two naive rules (flows/warehouse/analysis/forecasting.py).
-- @grain line
-- @column p_value: one-sided p of Diebold and Mariano's test, of the naive rule that is beaten less clearly
-- @column p_corrected: the same by Holm's step-down over all lines that could be tested
-- @column forecast_pct: the line one year after the last period, as a share of both; null where it is not earned
select line, p_value, p_corrected, forecast_pct
from raw.analysis_forecast_tests
