-- Labels that we give to the repositories drawn from the archive, by year of the paper and of the repository's creation.
-- @grain axis, year_start, framework
-- @columns axis, year_start, framework
-- @column repository_count: repositories looked at in that year
-- @column share_pct: weighted share of the year's repositories with this label, 0 to 100
-- @column share_low_pct: lower end of the 95 percent Wilson interval for as many as the weights are worth (Kish 1965)
-- @columns share_high_pct
-- Each drawn repository stands for those of its label and month, so that the mix is the archive's again.
with
drawn as (from intermediate.repositories_to_label where purpose = 'calibration'),
labels as (from intermediate.repository_labels where framework <> 'undecided'),
readings as (from intermediate.repository_readings),

dated as (
    select
        'paper' as axis,
        date_trunc('year', drawn.month_start)::date as year_start,
        labels.framework, drawn.stands_for
    from drawn
    inner join labels using (repository)
    union all
    select
        'creation' as axis,
        date_trunc('year', try_cast(readings.said.created_at as timestamptz)::timestamp)::date as year_start,
        labels.framework, drawn.stands_for
    from drawn
    inner join labels using (repository)
    inner join readings using (repository)
),

years as (
    select
        axis, year_start,
        count(*) as repository_count,
        sum(stands_for) as weight,
        sum(stands_for) ** 2 / sum(stands_for ** 2) as effective_count
    from dated
    where year_start is not null
    group by axis, year_start
),

weighted as (
    select axis, year_start, framework, sum(stands_for) as weight
    from dated
    group by axis, year_start, framework
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
)

select
    axis, year_start, framework, repository_count,
    100 * share as share_pct,
    wilson_low_pct(effective_count * share, effective_count) as share_low_pct,
    wilson_high_pct(effective_count * share, effective_count) as share_high_pct
from counted
