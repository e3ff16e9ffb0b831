-- Figures and shares of the release before this one; empty before the first release.
-- @grain source, series, population, grain, period_start, framework
-- @column release_id: release that said so
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column period_start: first day of the period
-- @column framework: framework, label or answer
-- @column value: the figure
-- @column share_pct: value as a share of base
-- @column share_low_pct: lower end of its interval
-- @column share_high_pct: upper end
-- @column unit: what value counts
select
    release_id,
    source,
    series,
    population,
    grain,
    period_start,
    framework,
    value,
    share_pct,
    share_low_pct,
    share_high_pct,
    unit
from raw.history_framework_shares
