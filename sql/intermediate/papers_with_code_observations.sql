-- Monthly counts of the Papers With Code archive, in the schema that all sources share.
-- @grain series, population, period_start, framework
-- @columns source
-- @column series: what is counted, over everything (_all) or over what carries a label (_known)
-- @columns population, grain, period_start
-- @column framework: our id; none only in the series over everything
-- @column value: links, papers or repositories with this label; 0 where a label has none that month
-- @column base: links, papers or repositories of the month
-- @columns unit, quality, reference, source_file
-- @fail value between 0 and base
with
counts as (from intermediate.papers_with_code_counts where framework <> 'all frameworks'),
totals as (from intermediate.papers_with_code_counts where framework = 'all frameworks'),

labels as (
    select framework from staging.reference__frameworks where papers_with_code_label is not null
    union
    select framework from counts
),

series as (
    select counted || '_all' as series, member_count as base, *
    from totals
    union all by name
    select counted || '_known' as series, known_count as base, *
    from totals
    where known_count > 0
)

select
    'papers_with_code' as source, series.series, series.population, 'month' as grain, series.period_start,
    labels.framework,
    coalesce(counts.member_count, 0)::double as value,
    series.base, series.counted as unit, 'full' as quality, null::varchar as reference, series.source_file
from series
cross join labels
left join counts
    on counts.counted = series.counted
    and counts.population = series.population
    and counts.period_start = series.period_start
    and counts.framework = labels.framework
where labels.framework <> 'none' or ends_with(series.series, '_all')
