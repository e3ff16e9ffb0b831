-- Models per library on the day of reading, in the schema that all sources share.
-- @grain series, population, period_start, framework
-- @column source: huggingface_models
-- @column series: models_total
-- @column population: public models
-- @column grain: day
-- @column period_start: day of the reading, UTC
-- @column framework: our id
-- @column value: models tagged with the library
-- @column base: null
-- @column unit: models
-- @column quality: full
-- @column reference: null; the source's own reference is used
-- @column source_file: the newest of the landed files that the day comes from
-- @fail value >= 0
with

totals as (
    select * from staging.huggingface_models__totals
),

pages as (
    select * from staging.huggingface_models__pages
),

frameworks as (
    select * from staging.reference__frameworks where huggingface_library is not null
),

-- A list counts only if it came to its end, without a page missing; a model that moved between pages counts once.
lists as (
    select
        library,
        read_date,
        count(distinct model_id) as model_count,
        max(source_file) as source_file
    from pages
    group by library, read_date
    having bool_or(is_last) and count(distinct page) = max(page)
),

readings as (
    select * from totals
    union all by name
    select lists.*
    from lists
    anti join totals on totals.library = lists.library and totals.read_date = lists.read_date
)

select
    'huggingface_models' as source,
    'models_total' as series,
    'public models' as population,
    'day' as grain,
    readings.read_date as period_start,
    frameworks.framework,
    readings.model_count::double as value,
    null::bigint as base,
    'models' as unit,
    'full' as quality,
    null::varchar as reference,
    max(readings.source_file) over (partition by readings.read_date) as source_file
from readings
inner join frameworks on frameworks.huggingface_library = readings.library
