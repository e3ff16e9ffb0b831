-- Counts of the landed editions of the Stack Overflow Developer Survey, in the schema that all sources share.
-- @grain series, population, period_start, framework, source_file
-- @columns source, series, population, grain
-- @column period_start: 1 January of the edition
-- @columns framework, value
-- @column base: respondents that the share is of
-- @columns unit
-- @column quality: full, fitted_base, or sample for a file with clearly fewer rows than the official one
-- @columns reference
-- @column source_file: landed file of respondents, or of the publisher's own counts
-- @fail value between 0 and base
with
counts as (from intermediate.stack_overflow_survey_counts),
bases as (from intermediate.stack_overflow_survey_bases),

counted as (
    select bases.*, counts.framework, counts.worked_with_count, counts.wanted_count, counts.admired_count
    from counts
    inner join bases using (source_file, population)
),

official as (from intermediate.stack_overflow_survey_official),

series as (
    select
        *, 'worked_with' as series, worked_with_count as value, chart_base as base, chart_quality as series_quality
    from counted
    -- The publisher's own count and base of a population, where we have them, are those of its chart.
    anti join official using (edition_year, population)
    where chart_base is not null
    union all
    select
        *, 'worked_with_of_answers' as series, worked_with_count as value, answered_count as base,
        quality as series_quality
    from counted
    union all
    select
        *, 'worked_with_of_rows' as series, worked_with_count as value, row_count as base, quality as series_quality
    from counted
    union all
    select *, 'wanted' as series, wanted_count as value, row_count as base, quality as series_quality
    from counted
    where has_wanted
    union all
    select
        *, 'admired' as series, admired_count as value, worked_with_count as base, quality as series_quality
    from counted
    where has_wanted
)

select
    'stack_overflow_survey' as source, series, population, 'edition' as grain,
    make_date(edition_year, 1, 1) as period_start,
    framework,
    value::double as value,
    base, 'respondents' as unit, series_quality as quality, null::varchar as reference, source_file
from series
-- A share of nobody is no figure.
where base > 0
union all
select
    'stack_overflow_survey' as source, 'worked_with' as series, population, 'edition' as grain,
    make_date(edition_year, 1, 1) as period_start,
    framework,
    worked_with_count::double as value,
    chart_base as base, 'respondents' as unit, quality, null::varchar as reference, source_file
from official
