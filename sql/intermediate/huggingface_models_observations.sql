-- Models per library on the day of reading, and models created by month, in the schema that all sources share.
-- @grain series, population, period_start, framework
-- @column grain: day of a reading, month of creation
-- @column period_start: day of the reading, or first day of the month, UTC
-- @column value: models tagged with the library
-- @column base: models created with any library; null for readings, and where lists were counted, which do not tell it
-- @column reference: of models created in the data set hub_stats; null where the source's own is used
-- @fail value >= 0 and (base is null or value <= base)
with
totals as (from staging.huggingface_models__totals),
pages as (from staging.huggingface_models__pages),
frameworks as (from staging.reference__frameworks where huggingface_library is not null),

-- A list counts only if it came to its end, without a page missing; a model that moved between pages counts once.
lists as (
    select
        library, read_date,
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
    anti join totals using (library, read_date)
),

counts as (from staging.huggingface_models__created)

select
    'huggingface_models' as source, 'models_total' as series, 'public models' as population, 'day' as grain,
    readings.read_date as period_start, frameworks.framework, readings.model_count::double as value,
    null::bigint as base, 'models' as unit, 'full' as quality, null::varchar as reference,
    max(readings.source_file) over (partition by readings.read_date) as source_file
from readings
inner join frameworks on frameworks.huggingface_library = readings.library
union all
select
    'huggingface_models' as source, 'models_created' as series, 'public models' as population, 'month' as grain,
    counts.month_start as period_start, frameworks.framework, counts.model_count::double as value,
    if(counts.is_listed, null, named.model_count) as base,
    'models' as unit, 'full' as quality,
    if(counts.is_listed, null, 'hub_stats') as reference,
    max(counts.source_file) over (partition by counts.month_start) as source_file
from counts
inner join frameworks on frameworks.huggingface_library = counts.library
left join counts as named on named.library = 'any library' and named.month_start = counts.month_start
where counts.is_listed or named.model_count is not null
