-- What earlier releases said of each period: the first figure and every changed one.
-- @grain release_id, definitions, source, series, population, grain, period_start, framework
-- @column release_id: release that said so first
-- @column definitions: checksum over the definitions that it was made by; null in releases before there was one
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column period_start: first day of the period
-- @column framework: framework, label or answer
-- @column value: the figure
-- @column base: what the figure is a part of; null where there is none
-- @column share_pct: value as a share of base, 0 to 100; null without a base
-- @column origin: live, cached, imported or reference, at that release
select
    release_id,
    definitions,
    source,
    series,
    population,
    grain,
    period_start,
    framework,
    value,
    base,
    share_pct,
    origin
from raw.history_revisions
