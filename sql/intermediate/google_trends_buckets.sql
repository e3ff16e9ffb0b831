-- Whole weeks and months of the frameworks we follow, as each request gave them: what shares and levels are made of.
-- @grain source_file, period_start, framework
-- @column source_file: landed file; one request, with a scale of its own
-- @column is_import: true for an export that the operator gave
-- @column retrieved_date: day on which it was pulled or downloaded
-- @column series: search_terms or topics
-- @column population: world or an ISO code
-- @column grain: week or month
-- @column period_start: first day of the bucket
-- @column framework: our id
-- @column framework_order: position in order of importance, 1 first
-- @column value_index: 0 to 100 within the request
-- @column is_below_one: printed as "<1", taken as half a point
-- @fail value_index is not null
with

points as (
    select * from staging.google_trends__points
),

keywords as (
    select * from intermediate.google_trends_keywords
)

select
    points.source_file,
    points.is_import,
    points.retrieved_date,
    points.series,
    points.population,
    points.grain,
    points.period_at::date as period_start,
    keywords.framework,
    keywords.framework_order,
    max(points.value_index) as value_index,
    bool_and(points.is_below_one) as is_below_one
from points
inner join keywords
    on keywords.kind = points.series
    and keywords.keyword = lower(trim(points.keyword))
-- The running bucket is a part of its week or month, and no data is no zero.
where points.grain in ('week', 'month')
    and not points.is_partial
    and points.value_index is not null
group by
    points.source_file,
    points.is_import,
    points.retrieved_date,
    points.series,
    points.population,
    points.grain,
    points.period_at::date,
    keywords.framework,
    keywords.framework_order
