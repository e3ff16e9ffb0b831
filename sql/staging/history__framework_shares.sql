-- Figures and shares of the previous release; empty before the first release.
-- @grain source, series, population, grain, period_start, framework
select
    release_id, source, series, population, grain, period_start, framework, value, share_pct, share_low_pct,
    share_high_pct, unit
from raw.history_framework_shares
