-- What the number of a line stands for.
-- @grain line
-- @column line: number of the source, series, population, grain and pair
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column error_model: counts, index or scatter
-- @column is_thin: changes of leader are dated by windows
-- @column first_period: first period of the pair
-- @column last_period: last period of the pair
select
    held.line,
    held.source,
    held.series,
    held.population,
    held.grain,
    held.framework_a,
    held.framework_b,
    min(held.error_model) as error_model,
    bool_or(smoothed.dating_pct is distinct from smoothed.share_pct) as is_thin,
    min(held.period_start) as first_period,
    max(held.period_start) as last_period
from intermediate.pair_values as held
inner join intermediate.pair_smoothed as smoothed
    on smoothed.line = held.line and smoothed.period_start = held.period_start
group by held.line, held.source, held.series, held.population, held.grain, held.framework_a, held.framework_b
