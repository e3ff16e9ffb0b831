-- Models created by library and month, in the schema that all sources share.
-- @grain series, population, period_start, framework
-- @column source: huggingface_models
-- @column series: models_created
-- @column population: public models
-- @column grain: month
-- @column period_start: first day of the month
-- @column framework: our id
-- @column value: models created in the month that are tagged with the library
-- @column base: models created in the month that name a library
-- @column unit: models
-- @column quality: full
-- @column reference: key of staging.reference__references
-- @column source_file: newest of the landed files that the month comes from
-- @fail value between 0 and base
with

counts as (
    select * from staging.huggingface_models__created
),

frameworks as (
    select * from staging.reference__frameworks where huggingface_library is not null
)

select
    'huggingface_models' as source,
    'models_created' as series,
    'public models' as population,
    'month' as grain,
    counts.month_start as period_start,
    frameworks.framework,
    counts.model_count::double as value,
    named.model_count as base,
    'models' as unit,
    'full' as quality,
    'hub_stats' as reference,
    max(counts.source_file) over (partition by counts.month_start) as source_file
from counts
inner join frameworks on frameworks.huggingface_library = counts.library
inner join counts as named on named.library = 'any library' and named.month_start = counts.month_start
