-- Respondents who worked with, want or admire each framework that an edition offered; 0 where nobody took the option.
-- @grain source_file, population, framework
-- @columns source_file, population, framework, worked_with_count, wanted_count, admired_count
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
)

select
    bases.source_file, bases.population, offered.framework,
    coalesce(counts.worked_with_count, 0)::bigint as worked_with_count,
    coalesce(counts.wanted_count, 0)::bigint as wanted_count,
    coalesce(counts.admired_count, 0)::bigint as admired_count
from bases
inner join offered using (source_file)
left join counts
    on counts.source_file = bases.source_file
    and counts.population = bases.population
    and counts.framework = offered.framework
