-- Repositories of the papers since the archive ended by month and class of our label, for the correction.
-- @grain month_start, class
-- @column month_start: first day of the month of the repository's first paper
-- @column repository_count: repositories with it; 0 where none has
with
wanted as (from intermediate.repositories_to_label where purpose <> 'calibration'),
labels as (from intermediate.repository_labels where framework <> 'undecided'),
classes as (select unnest(['pytorch', 'tensorflow', 'none', 'other']) as class),

counted as (
    select
        wanted.month_start,
        if(labels.framework in ('pytorch', 'tensorflow', 'none'), labels.framework, 'other') as class,
        count(*) as repository_count
    from wanted
    inner join labels using (repository)
    group by wanted.month_start, if(labels.framework in ('pytorch', 'tensorflow', 'none'), labels.framework, 'other')
),

months as (select distinct month_start from counted)

select
    months.month_start, classes.class,
    coalesce(counted.repository_count, 0)::bigint as repository_count
from months
cross join classes
left join counted on counted.month_start = months.month_start and counted.class = classes.class
