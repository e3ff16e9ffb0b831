-- How often our label of a repository is the one that Papers With Code gave: by its label, by year, and weighted overall.
-- @grain scope, theirs, year_start
-- @column theirs: framework that Papers With Code gave, our id; null where it is not one label
-- @column year_start: first day of the year of the paper; null where it is not one year
-- @column repository_count: repositories looked at whose label is decided
-- @fail agreement_pct between agreement_low_pct - 1e-9 and agreement_high_pct + 1e-9
with
observations as (
    select *
    from intermediate.observations
    where source = 'papers_with_code' and series = 'links_all' and grain = 'month'
        and (population = 'all' or population like 'sample %')
),

-- Labels of the archive of Papers With Code that is in use: how many of its links have each.
mix as (
    select framework, sum(value) as link_count, population <> 'all' as is_sample
    from observations
    where population = 'all' or not exists (select 1 from observations where population = 'all')
    group by framework, population
),

pairs as (from intermediate.detection_pairs where ours <> 'undecided'),

counted as (
    select
        case
            when grouping(theirs) = 0 then 'label'
            when grouping(year_start) = 0 then 'year'
            else 'looked at'
        end as scope,
        theirs, year_start,
        coalesce(sum(repository_count) filter (where theirs = ours), 0)::bigint as agreeing_count,
        sum(repository_count)::bigint as repository_count,
        any_value(basis) as basis
    from pairs group by grouping sets ((theirs), (year_start), ())
),

shares as (
    select
        *,
        100.0 * agreeing_count / repository_count as agreement_pct,
        wilson_low_pct(agreeing_count, repository_count) as agreement_low_pct,
        wilson_high_pct(agreeing_count, repository_count) as agreement_high_pct
    from counted
    where scope <> 'year' or year_start is not null
),

-- A label of the archive that nobody looked at cannot be weighted in; what is left out is small, or there is no row.
weighted as (
    select
        sum(mix.link_count) as link_count,
        sum(mix.link_count * agreement_pct) / sum(mix.link_count) as agreement_pct,
        sqrt(sum((mix.link_count * (agreement_pct - agreement_low_pct)) ** 2)) / sum(mix.link_count) as below_pct,
        sqrt(sum((mix.link_count * (agreement_high_pct - agreement_pct)) ** 2)) / sum(mix.link_count) as above_pct,
        sum(repository_count)::bigint as repository_count,
        any_value(basis) as basis
    from shares
    inner join mix on mix.framework = shares.theirs
    where scope = 'label'
)

select
    scope, theirs, year_start, agreeing_count, repository_count, agreement_pct, agreement_low_pct, agreement_high_pct,
    basis
from shares
union all by name
select
    'archive' as scope, null as theirs, null as year_start, null as agreeing_count, repository_count, agreement_pct,
    greatest(0, agreement_pct - below_pct) as agreement_low_pct,
    least(100, agreement_pct + above_pct) as agreement_high_pct,
    basis
from weighted
where repository_count > 0 and link_count > 0.99 * (select sum(link_count) from mix)
