-- Every figure of every source, each with its origin: the same period may stand here several times.
-- @grain source, series, population, grain, period_start, framework, origin, source_file
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column period_start: first day of the period
-- @column framework: framework, label or answer
-- @column value: the figure, in `unit`
-- @column base: what the figure is a part of; null where there is none
-- @column unit: what `value` counts
-- @column quality: full, sample, digitised, decoded, published or fitted_base
-- @column origin: live, cached, imported or reference
-- @column retrieved_at: when the figures were fetched or read, UTC
-- @column reference: key of staging.reference__references
-- @column source_file: landed file; empty for the embedded tables
-- @fail origin in ('live', 'cached', 'imported', 'reference')
-- @fail retrieved_at is not null
with

-- One line a source: a new source adds its intermediate.<source>_observations here.
observations as (
    select * from intermediate.reference_observations
    union all by name
    select * from intermediate.papers_with_code_observations
    union all by name
    select * from intermediate.google_trends_observations
    union all by name
    select * from intermediate.stack_overflow_survey_observations
    union all by name
    select * from intermediate.kaggle_survey_observations
    union all by name
    select * from intermediate.conference_papers_observations
    union all by name
    select * from intermediate.papers_after_2025_observations
    union all by name
    select * from intermediate.pypi_downloads_observations
    union all by name
    select * from intermediate.conda_downloads_observations
    union all by name
    select * from intermediate.huggingface_models_observations
    union all by name
    select * from intermediate.github_stars_observations
    union all by name
    select * from intermediate.stack_overflow_questions_observations
    union all by name
    select * from intermediate.openalex_citations_observations
    union all by name
    select * from intermediate.hn_hiring_observations
    union all by name
    select * from intermediate.huggingface_models_created_observations
),

landings as (
    select * from staging.refresh__landings
),

sources as (
    select * from staging.reference__sources
),

publications as (
    select * from staging.reference__references
)

select
    observations.source,
    observations.series,
    observations.population,
    observations.grain,
    observations.period_start,
    observations.framework,
    observations.value,
    observations.base,
    observations.unit,
    observations.quality,
    coalesce(landings.origin, 'reference') as origin,
    coalesce(landings.retrieved_at, publications.retrieved_date::timestamp) as retrieved_at,
    coalesce(observations.reference, sources.reference) as reference,
    coalesce(observations.source_file, '') as source_file
from observations
left join landings on landings.source_file = observations.source_file
left join sources on sources.source = observations.source
left join publications on publications.reference = observations.reference
