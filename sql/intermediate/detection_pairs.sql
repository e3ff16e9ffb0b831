-- Repositories of the archive by its label and ours: of our draw where one was asked for, else as measured once.
-- @grain theirs, ours, year_start
-- @column ours: framework that we give; undecided where nothing could be read
-- @column year_start: first day of the year of the paper; null for those that were measured once
with
drawn as (from intermediate.repositories_to_label where purpose = 'calibration'),
labels as (from intermediate.repository_labels),
measured as (from staging.reference__detection_agreement),

own as (
    select
        drawn.archive_framework as theirs, labels.framework as ours,
        date_trunc('year', drawn.month_start)::date as year_start,
        count(*) as repository_count,
        'draw from the archive' as basis
    from drawn
    inner join labels using (repository)
    group by drawn.archive_framework, labels.framework, date_trunc('year', drawn.month_start)
)

select theirs, ours, year_start, repository_count, basis
from own
union all
select theirs, ours, null as year_start, repository_count, 'measured once' as basis
from measured
where not exists (select 1 from own)
