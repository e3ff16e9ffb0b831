-- Shares of labels corrected for what our rules get wrong, by month (flows/warehouse/analysis/detection_correction.py).
-- @grain month_start, class
-- @column month_start: first day of the month of the repository's first paper
-- @column share_pct: corrected share of the month's repositories, 0 to 100
-- @column share_low_pct: lower end of its 95 percent interval
select month_start, class, share_pct, share_low_pct, share_high_pct
from raw.analysis_detection_correction
