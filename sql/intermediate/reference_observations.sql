-- Embedded reference figures with the zeros that the Papers With Code tables leave out.
-- @grain source, series, population, grain, period_start, framework
-- @columns source, series, population, grain, period_start, framework, value, base, unit, quality, reference
-- @column source_file: null; the tables are part of the project
with
observations as (from staging.reference__observations),

-- In the monthly Papers With Code series a missing row is a zero: every link has a label, so a label without a row had
-- no link. Everywhere else a missing row means not asked or not observed, and stays missing.
periods as (
    select distinct source, series, population, grain, period_start, base, unit, quality, reference
    from observations
    where source = 'papers_with_code' and grain = 'month' and base is not null
),

labels as (
    select distinct series, population, framework
    from observations
    where source = 'papers_with_code' and grain = 'month' and base is not null
),

zeros as (
    select *, 0.0 as value
    from (from periods inner join labels using (series, population))
    anti join observations using (source, series, population, grain, period_start, framework)
)

select *, null::varchar as source_file
from (
    select source, series, population, grain, period_start, framework, value, base, unit, quality, reference
    from observations
    union all by name
    select * from zeros
)
