-- Series whose rows are not all options of their question, and the last option down to which they are.
-- @grain source, series, population, period_start
-- @column series: what is counted over which base; of any other population or period nothing is known
-- @column framework: every option with more than this one has a row
select source, series, population, period as period_start, framework
from raw.reference_partial_lists
