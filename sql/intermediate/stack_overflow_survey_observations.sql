-- Counts of the landed editions of the Stack Overflow Developer Survey, in the schema that all sources share.
-- @grain series, population, period_start, framework, source_file
-- @column period_start: 1 January of the edition
-- @column value: respondents who worked with, want or admire the framework; 0 where nobody took an option that was offered
-- @column base: respondents that the share is of
-- @column quality: full, fitted_base, or sample for a file with clearly fewer rows than the official one
-- @column source_file: landed file of respondents, or of the publisher's own counts
-- @fail value between 0 and base
with
answers as (from intermediate.stack_overflow_survey_answers),
bases as (from intermediate.stack_overflow_survey_bases where has_question),
years as (from staging.reference__stack_overflow_survey_years),

-- Spellings change with the year: Scikit-learn, Scikit-Learn.
spellings as (
    select framework, trim(unnest(string_split(stack_overflow_survey_tokens, '|'))) as option
    from staging.reference__frameworks
),

taken as (
    select answer_id, 'worked_with' as question, unnest(worked_with_options) as option
    from answers
    union all
    select answer_id, 'wanted' as question, unnest(wanted_options) as option
    from answers
    union all
    select answer_id, 'admired' as question, unnest(admired_options) as option
    from answers
),

named as (
    select distinct taken.answer_id, taken.question, spellings.framework
    from taken
    inner join spellings using (option)
),

counts as (
    select
        answers.source_file, answers.population, named.framework,
        sum(answers.respondent_count) filter (where named.question = 'worked_with') as worked_with_count,
        sum(answers.respondent_count) filter (where named.question = 'wanted') as wanted_count,
        sum(answers.respondent_count) filter (where named.question = 'admired') as admired_count
    from named
    inner join answers using (answer_id)
    group by answers.source_file, answers.population, named.framework
),

-- An option was on the form if anyone took it, or if the years table says so; one that was not is no row.
offered as (
    select source_file, framework
    from counts
    where population = 'all respondents'
    union
    select bases.source_file, spellings.framework
    from bases
    inner join years using (edition_year)
    inner join spellings on list_contains(years.offered_options, spellings.option)
),

counted as (
    select
        bases.*, offered.framework,
        coalesce(counts.worked_with_count, 0)::bigint as worked_with_count,
        coalesce(counts.wanted_count, 0)::bigint as wanted_count,
        coalesce(counts.admired_count, 0)::bigint as admired_count
    from bases
    inner join offered using (source_file)
    left join counts using (source_file, population, framework)
),

official as (from intermediate.stack_overflow_survey_official),

series as (
    select *, 'worked_with' as series, worked_with_count as value, chart_base as base, chart_quality as series_quality
    from counted
    -- The publisher's own count and base of a population, where we have them, are those of its chart.
    anti join official using (edition_year, population)
    where chart_base is not null
    union all
    select *, 'worked_with_of_answers' as series, worked_with_count as value, answered_count as base, quality as series_quality
    from counted
    union all
    select *, 'worked_with_of_rows' as series, worked_with_count as value, row_count as base, quality as series_quality
    from counted
    union all
    select *, 'wanted' as series, wanted_count as value, row_count as base, quality as series_quality
    from counted
    where has_wanted
    union all
    select *, 'admired' as series, admired_count as value, worked_with_count as base, quality as series_quality
    from counted
    where has_wanted
)

select
    'stack_overflow_survey' as source, series, population, 'edition' as grain,
    make_date(edition_year, 1, 1) as period_start, framework, value::double as value,
    base, 'respondents' as unit, series_quality as quality, null::varchar as reference, source_file
from series
-- A share of nobody is no figure.
where base > 0
union all
select
    'stack_overflow_survey' as source, 'worked_with' as series, population, 'edition' as grain,
    make_date(edition_year, 1, 1) as period_start, framework, worked_with_count::double as value,
    chart_base as base, 'respondents' as unit, quality, null::varchar as reference, source_file
from official
