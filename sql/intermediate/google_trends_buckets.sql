-- Whole weeks and months of the frameworks we follow, as each request gave them: what shares and levels are made of.
-- Answers to programs can have holes: blocks of zeros within a series that is high before and after. A share is of all
-- terms of a request, so a bucket with a hole in one term is left out for all of them.
-- @grain source_file, period_start, framework
-- @column source_file: landed file; one request, with a scale of its own
-- @fail value_index is not null
with
points as (from staging.google_trends__points),
keywords as (from intermediate.google_trends_keywords),

neighbours as (
    select
        *,
        last_value(nullif(value_index, 0) ignore nulls) over (
            partition by source_file, keyword order by period_at rows between unbounded preceding and 1 preceding
        ) as value_before,
        first_value(nullif(value_index, 0) ignore nulls) over (
            partition by source_file, keyword order by period_at rows between 1 following and unbounded following
        ) as value_after
    from points
),

-- A search that is rare enough to be counted as none is not above a tenth of the highest one before and after.
whole as (
    select * from neighbours
    qualify not bool_or(coalesce(value_index = 0 and value_before > 10 and value_after > 10, false)
    ) over (partition by source_file, period_at)
)

select
    points.source_file, points.is_import, points.retrieved_date, points.series, points.population, points.grain,
    points.period_at::date as period_start, keywords.framework, keywords.framework_order,
    max(points.value_index) as value_index,
    bool_and(points.is_below_one) as is_below_one
from whole as points
inner join keywords on keywords.kind = points.series and keywords.keyword = lower(trim(points.keyword))
-- The running bucket is a part of its week or month, and no data is no zero.
where points.grain in ('week', 'month') and not points.is_partial and points.value_index is not null
group by
    points.source_file, points.is_import, points.retrieved_date, points.series, points.population, points.grain,
    points.period_at::date,
    keywords.framework, keywords.framework_order
