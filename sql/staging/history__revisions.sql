-- What earlier releases said of each period: the first figure and every changed one.
-- @grain release_id, definitions, source, series, population, grain, period_start, framework
-- @column release_id: release that said so first
select
    release_id, definitions, source, series, population, grain, period_start, framework, value, base, share_pct,
    origin
from raw.history_revisions
