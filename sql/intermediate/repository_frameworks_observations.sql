-- Repositories by the framework that we tell: those of the papers since the archive ended, and a draw from the archive.
-- @grain source, series, population, period_start, framework
-- @column source: papers_after_2025, or papers_with_code for the draw
-- @column series: repositories_all over every repository that could be read, repositories_known over those with a framework, repositories_drawn from the archive
-- @column population: detected, "detected, corrected" for what our rules get wrong, or main framework by importing files; of the draw, by which axis
-- @column grain: month; year for the draw
-- @column period_start: first day of the period of the repository's first paper, or of its creation
-- @column framework: our id; none only in repositories_all; other where rarer labels are corrected together
-- @column value: repositories with it; 0 where a framework that our words know has none
-- @column base: repositories of the month
-- @column given_low_pct: lower end of the interval of a corrected or weighted share, which counting alone does not give
-- @column given_high_pct: upper end of that interval
-- @column unit: repositories
-- @column quality: detected
-- @column reference: key of staging.reference__references
-- @column source_file: newest landed file
-- @fail value between 0 and base
with

wanted as (
    select * from intermediate.repositories_to_label where purpose <> 'calibration'
),

labels as (
    select * from intermediate.repository_labels where framework <> 'undecided'
),

words as (
    select distinct framework from staging.reference__framework_words where counts_for = 'label'
),

corrected as (
    select * from staging.analysis__detection_correction
),

newest as (
    select max(source_file) as source_file from intermediate.repository_readings
),

told as (
    select
        wanted.month_start,
        labels.framework,
        labels.main_framework
    from wanted
    inner join labels on labels.repository = wanted.repository
),

months as (
    select
        month_start,
        count(*) as all_count,
        count(*) filter (where framework <> 'none') as known_count,
        count(main_framework) as main_count
    from told
    group by month_start
),

bases as (
    select
        month_start,
        'repositories_all' as series,
        'detected' as population,
        all_count as base
    from months
    union all
    select
        month_start,
        'repositories_known' as series,
        'detected' as population,
        known_count as base
    from months
    union all
    select
        month_start,
        'repositories_known' as series,
        'main framework' as population,
        main_count as base
    from months
),

frameworks as (
    select framework from words
    union
    select 'none' as framework
),

counted as (
    select
        month_start,
        false as is_main,
        framework,
        count(*) as repository_count
    from told
    group by month_start, framework
    union all
    select
        month_start,
        true as is_main,
        main_framework as framework,
        count(*) as repository_count
    from told
    where main_framework is not null
    group by month_start, main_framework
),

observed as (
    select
        bases.series,
        bases.population,
        bases.month_start,
        frameworks.framework,
        coalesce(counted.repository_count, 0)::double as value,
        bases.base,
        null::double as given_low_pct,
        null::double as given_high_pct
    from bases
    cross join frameworks
    left join counted
        on counted.month_start = bases.month_start
        and counted.framework = frameworks.framework
        and counted.is_main = (bases.population = 'main framework')
    where bases.base > 0 and (frameworks.framework <> 'none' or bases.series = 'repositories_all')
    union all
    select
        'repositories_all' as series,
        'detected, corrected' as population,
        corrected.month_start,
        corrected.class as framework,
        corrected.share_pct * months.all_count / 100 as value,
        months.all_count as base,
        corrected.share_low_pct as given_low_pct,
        corrected.share_high_pct as given_high_pct
    from corrected
    inner join months on months.month_start = corrected.month_start
),

drawn as (
    select * from intermediate.archive_draw_shares
),

axes as (
    select distinct
        axis,
        year_start,
        repository_count
    from drawn
),

all_told as (
    select
        'papers_after_2025' as source,
        'month' as grain,
        observed.* rename (month_start as period_start)
    from observed
    union all by name
    select
        'papers_with_code' as source,
        'repositories_drawn' as series,
        'draw from the archive, detected' || if(axes.axis = 'creation', ', by creation', '') as population,
        'year' as grain,
        axes.year_start as period_start,
        frameworks.framework,
        coalesce(drawn.share_pct, 0) * axes.repository_count / 100 as value,
        axes.repository_count as base,
        drawn.share_low_pct as given_low_pct,
        drawn.share_high_pct as given_high_pct
    from axes
    cross join frameworks
    left join drawn
        on drawn.axis = axes.axis and drawn.year_start = axes.year_start and drawn.framework = frameworks.framework
)

select
    all_told.source,
    all_told.series,
    all_told.population,
    all_told.grain,
    all_told.period_start,
    all_told.framework,
    all_told.value,
    all_told.base,
    all_told.given_low_pct,
    all_told.given_high_pct,
    'repositories' as unit,
    'detected' as quality,
    'github_graphql' as reference,
    newest.source_file
from all_told
cross join newest
