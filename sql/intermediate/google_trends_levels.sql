-- Levels on one scale: repeats averaged with their spread, windows and groups joined by what they share.
-- @grain is_import, series, population, grain, period_start, framework
-- @column value_index: mean over the requests, on one scale; 100 at most
-- @fail value_index between 0 and 100 + 1e-9
with
buckets as (from intermediate.google_trends_buckets),
scales as (from intermediate.google_trends_scales where scale is not null),

scaled as (
    select buckets.*, buckets.value_index * scales.scale as scaled_index
    from buckets
    inner join scales using (source_file)
),

averaged as (
    select
        is_import, series, population, grain, period_start, framework,
        avg(scaled_index) as mean_index,
        stddev_samp(scaled_index) as spread_index,
        count(*) as request_count,
        count(*) filter (where is_below_one) as below_one_count
    from scaled group by is_import, series, population, grain, period_start, framework
),

-- An older window may have had a higher peak than the newest request: the highest bucket is 100 again.
kinds as (
    select
        is_import, series, population, grain,
        least(1, 100 / nullif(max(mean_index), 0)) as shrink
    from averaged group by is_import, series, population, grain
),

newest as (
    select
        is_import, series, population, grain,
        max_by(source_file, (retrieved_date, source_file)) as source_file
    from scaled group by is_import, series, population, grain
)

-- Sums of decimals differ in their last digits from run to run: rounded, the same input gives the same release.
select
    averaged.is_import, averaged.series, averaged.population, averaged.grain, averaged.period_start,
    averaged.framework,
    round(averaged.mean_index * coalesce(kinds.shrink, 1), 6) as value_index,
    round(averaged.spread_index * coalesce(kinds.shrink, 1), 6) as spread_index,
    averaged.request_count, averaged.below_one_count, newest.source_file
from averaged
inner join kinds using (is_import, series, population, grain)
inner join newest using (is_import, series, population, grain)
