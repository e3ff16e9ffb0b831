-- The draw from the archive by the label that we give, weighted to the archive, in the schema of all sources.
-- Each drawn repository stands for those of its label and month, so that the mix is the archive's again.
-- @grain population, period_start, framework
-- @column population: draw from the archive, detected; and the same by creation of the repository
-- @column period_start: first day of the year of the paper, or of the repository's creation
-- @column value: weighted share of those looked at, as their number
-- @column base: repositories looked at
-- @column given_low_pct: of the 95 percent Wilson interval for as many as the weights are worth (Kish 1965)
-- @fail value between 0 and base
with
repositories as (from intermediate.repositories_to_label where purpose = 'calibration'),
labels as (from intermediate.repository_labels where framework <> 'undecided'),
readings as (from intermediate.repository_readings),

dated as (
    select
        'paper' as axis, date_trunc('year', repositories.month_start)::date as year_start,
        labels.framework, repositories.stands_for
    from repositories
    inner join labels using (repository)
    union all
    select
        'creation' as axis,
        date_trunc('year', try_cast(readings.said.created_at as timestamptz)::timestamp)::date as year_start,
        labels.framework, repositories.stands_for
    from repositories
    inner join labels using (repository)
    inner join readings using (repository)
),

years as (
    select
        axis, year_start, count(*) as repository_count, sum(stands_for) as weight,
        sum(stands_for) ** 2 / sum(stands_for ** 2) as effective_count
    from dated
    where year_start is not null
    group by axis, year_start
),

weighted as (
    select axis, year_start, framework, sum(stands_for) as weight
    from dated group by axis, year_start, framework
),

frameworks as (
    select distinct framework from staging.reference__framework_words where counts_for = 'label'
    union
    select 'none' as framework
),

-- A label that none of a year has is 0 of as many, which has an interval too.
counted as (
    select years.*, frameworks.framework, coalesce(weighted.weight, 0) / years.weight as share
    from years
    cross join frameworks
    left join weighted
        on weighted.axis = years.axis
        and weighted.year_start = years.year_start
        and weighted.framework = frameworks.framework
),

newest as (select max(source_file) as source_file from intermediate.repository_readings)

select
    'papers_with_code' as source, 'repositories_drawn' as series,
    'draw from the archive, detected' || if(axis = 'creation', ', by creation', '') as population,
    'year' as grain, year_start as period_start, framework,
    100 * share * repository_count / 100 as value, repository_count as base,
    wilson_low_pct(effective_count * share, effective_count) as given_low_pct,
    wilson_high_pct(effective_count * share, effective_count) as given_high_pct,
    'repositories' as unit, 'detected' as quality, 'github_graphql' as reference, newest.source_file
from counted
cross join newest
