-- Modules that repositories import and framework_words.csv does not know, by month: a new framework is seen here first.
-- @grain month_start, module
-- @column month_start: first day of the month of the repositories' first papers
-- @columns module
-- @column repository_count: repositories of the month that import it
-- @columns repository_total, repository_share_pct
-- @warn repository_share_pct <= 1: modules that over one percent of a month import and nobody has looked up
with
wanted as (from intermediate.repositories_to_label where purpose <> 'calibration'),
labels as (from intermediate.repository_labels where framework <> 'undecided'),

modules as (
    select distinct repository, word as module
    from intermediate.repository_evidence
    where kind = 'import' and counts_for is null
),

months as (
    select wanted.month_start, count(*) as repository_total
    from wanted
    inner join labels using (repository)
    group by wanted.month_start
),

counted as (
    select wanted.month_start, modules.module, count(*) as repository_count
    from wanted
    inner join modules using (repository)
    group by wanted.month_start, modules.module
    having count(*) >= 3
)

select
    counted.month_start, counted.module, counted.repository_count, months.repository_total,
    100.0 * counted.repository_count / months.repository_total as repository_share_pct
from counted
inner join months using (month_start)
order by counted.month_start, counted.repository_count desc, counted.module
