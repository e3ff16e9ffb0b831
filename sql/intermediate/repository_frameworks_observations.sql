-- Repositories of the papers since the archive ended by the framework that we tell, in the schema of all sources.
-- @grain series, population, period_start, framework
-- @column series: repositories_all over all that could be read, repositories_known over those with a framework
-- @column population: detected, "detected, corrected" for what our rules get wrong, or main framework
-- @column period_start: first day of the month of the repository's first paper
-- @column framework: our id; none only in repositories_all; other where rarer labels are corrected together
-- @column value: repositories with it; 0 where a framework that our words know has none
-- @column base: repositories of the month
-- @column given_low_pct: lower end of the interval of a corrected share, which counting alone does not give
-- @fail value between 0 and base
with
wanted as (from intermediate.repositories_to_label where purpose <> 'calibration'),
labels as (from intermediate.repository_labels where framework <> 'undecided'),
corrected as (from staging.analysis__detection_correction),
newest as (select max(source_file) as source_file from intermediate.repository_readings),

frameworks as (
    select distinct framework from staging.reference__framework_words where counts_for = 'label'
    union
    select 'none' as framework
),

read as (
    select wanted.month_start, labels.framework, labels.main_framework
    from wanted
    inner join labels using (repository)
),

told as (
    select month_start, 'repositories_all' as series, 'detected' as population, framework from read
    union all
    select month_start, 'repositories_known' as series, 'detected' as population, framework
    from read
    where framework <> 'none'
    union all
    select month_start, 'repositories_known' as series, 'main framework' as population, main_framework as framework
    from read
    where main_framework is not null
),

bases as (
    select month_start, series, population, count(*) as base from told group by month_start, series, population
),

counted as (
    select
        bases.*, frameworks.framework,
        count(told.framework)::double as value,
        null::double as given_low_pct, null::double as given_high_pct
    from bases
    inner join frameworks on frameworks.framework <> 'none' or bases.series = 'repositories_all'
    left join told using (month_start, series, population, framework)
    group by bases.month_start, bases.series, bases.population, bases.base, frameworks.framework
    union all by name
    select
        bases.* replace ('detected, corrected' as population),
        corrected.class as framework,
        corrected.share_pct * bases.base / 100 as value,
        corrected.share_low_pct as given_low_pct, corrected.share_high_pct as given_high_pct
    from bases
    inner join corrected using (month_start)
    where bases.series = 'repositories_all'
)

select
    'papers_after_2025' as source, counted.series, counted.population, 'month' as grain,
    counted.month_start as period_start, counted.framework, counted.value, counted.base, counted.given_low_pct,
    counted.given_high_pct, 'repositories' as unit, 'detected' as quality, 'github_graphql' as reference,
    newest.source_file
from counted
cross join newest
