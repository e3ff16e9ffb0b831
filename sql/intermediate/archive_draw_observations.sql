-- The draw from the archive by the label that we give, weighted to the archive, in the schema of all sources.
-- @grain population, period_start, framework
-- @columns source, series
-- @column population: draw from the archive, detected; and the same by creation of the repository
-- @columns grain
-- @column period_start: first day of the year of the paper, or of the repository's creation
-- @columns framework
-- @column value: weighted share of those looked at, as their number
-- @column base: repositories looked at
-- @columns given_low_pct, given_high_pct, unit, quality, reference, source_file
-- @fail value between 0 and base
with
drawn as (from intermediate.archive_draw_shares),
newest as (select max(source_file) as source_file from intermediate.repository_readings)

select
    'papers_with_code' as source, 'repositories_drawn' as series,
    'draw from the archive, detected' || if(drawn.axis = 'creation', ', by creation', '') as population,
    'year' as grain, drawn.year_start as period_start, drawn.framework,
    drawn.share_pct * drawn.repository_count / 100 as value,
    drawn.repository_count as base, drawn.share_low_pct as given_low_pct, drawn.share_high_pct as given_high_pct,
    'repositories' as unit, 'detected' as quality, 'github_graphql' as reference, newest.source_file
from drawn
cross join newest
