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

drawn as (
    select * from intermediate.archive_draw_shares
),

newest as (
    select max(source_file) as source_file from intermediate.repository_readings
),

axes as (
    select distinct axis, year_start, repository_count from drawn
),

frameworks as (
    select distinct framework from staging.reference__framework_words where counts_for = 'label'
    union
    select 'none' as framework
)

select
    'papers_with_code' as source,
    'repositories_drawn' as series,
    'draw from the archive, detected' || if(axes.axis = 'creation', ', by creation', '') as population,
    'year' as grain,
    axes.year_start as period_start,
    frameworks.framework,
    coalesce(drawn.share_pct, 0) * axes.repository_count / 100 as value,
    axes.repository_count as base,
    drawn.share_low_pct as given_low_pct,
    drawn.share_high_pct as given_high_pct,
    'repositories' as unit,
    'detected' as quality,
    'github_graphql' as reference,
    newest.source_file
from axes
cross join frameworks
cross join newest
left join drawn
    on drawn.axis = axes.axis and drawn.year_start = axes.year_start and drawn.framework = frameworks.framework
