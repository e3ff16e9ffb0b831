-- Figures of imported exports, of requests on no common scale and of holes, that no series counts, and why.
-- @grain source_file, reason
-- @column record_count: figures left out for this reason
with
points as (
    select
        source_file, is_import, series, keyword, period_at::date as period_start,
        grain in ('week', 'month') and not is_partial and value_index is not null as is_whole,
        grain in ('week', 'month') as has_series,
        'the series are weekly and monthly, this file is daily or hourly' as otherwise
    from staging.google_trends__points
    union all by name
    select
        source_file, is_import, replace(series, '_by_country', '') as series, keyword,
        is_worldwide and keyword_count > 1 and window_start is not null as has_series,
        'only a table of countries that compares terms over a known time gives shares' as otherwise
    from staging.google_trends__countries
),

keywords as (from intermediate.google_trends_keywords),
unscaled as (select source_file from intermediate.google_trends_scales where scale is null),

judged as (
    select
        points.source_file,
        case
            when points.is_import and keywords.framework is null then 'no framework goes by the keyword of the column'
            when points.is_import and not points.has_series then points.otherwise
            when points.is_whole and keywords.framework is not null and buckets.framework is null
                then 'in a hole of the answer: zeros between figures above 10'
            when unscaled.source_file is not null then 'on no common scale: it shares no bucket with another request'
        end as reason,
        count(*) over (partition by points.source_file) as record_total
    from points
    left join keywords on keywords.kind = points.series and keywords.keyword = lower(trim(points.keyword))
    left join unscaled using (source_file)
    left join intermediate.google_trends_buckets as buckets using (source_file, period_start, framework)
)

select source_file, reason, count(*) as record_count, record_total
from judged
where reason is not null
group by source_file, reason, record_total
