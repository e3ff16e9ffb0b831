-- Equal answers of one population of an edition, taken together: the options that we follow, and how many gave them.
-- @grain answer_id
-- @column answer_id: number that stands for the row, the same at every build (see the macro text_id)
-- @fail respondent_count > 0
-- @fail is_answered or not is_counted
with
years as (from staging.reference__stack_overflow_survey_years),

spellings as (
    select [
        trim(option) for option in coalesce(flatten(list(string_split(stack_overflow_survey_tokens, '|'))), [])
    ] as options
    from staging.reference__frameworks
    where stack_overflow_survey_tokens is not null
),

-- A whole option counts, never a part of one: React is not React Native. 2023 pads `.NET (5+) ` with a blank. One that
-- is given twice stands here twice, and is counted once (intermediate.stack_overflow_survey_observations).
followed as (
    select
        cells.source_file, cells.edition_year,
        coalesce(trim(cells.worked_with, '; ') <> '', false) as is_answered,
        coalesce(
            len([
                option
                for option in string_split(cells.worked_with, ';')
                if trim(option) <> '' and not list_contains(coalesce(years.ignored_options, []), trim(option))
            ]) > 0,
            false
        ) as is_counted,
        list_sort([
            trim(option) for option in string_split(cells.worked_with, ';') if list_contains(spellings.options, trim(option))
        ]) as worked_with_options,
        list_sort([
            trim(option) for option in string_split(cells.wanted, ';') if list_contains(spellings.options, trim(option))
        ]) as wanted_options,
        list_sort([
            trim(option) for option in string_split(cells.admired, ';') if list_contains(spellings.options, trim(option))
        ]) as admired_cell_options,
        coalesce(years.has_admired, false) as has_admired,
        coalesce(list_contains(years.professional_values, cells.branch), false) as is_professional,
        coalesce(list_contains(years.learning_values, cells.branch), false) as is_learning
    from staging.stack_overflow_survey__answers as cells
    cross join spellings
    left join years using (edition_year)
),

equal_answers as (
    select *, count(*) as respondent_count
    from followed
    group by
        source_file, edition_year, is_answered, is_counted, worked_with_options, wanted_options, admired_cell_options,
        has_admired, is_professional, is_learning
),

-- Who is a professional is what the edition's own report took for one.
with_populations as (
    select *, 'all respondents' as population
    from equal_answers
    union all
    select *, 'professional developers' as population
    from equal_answers
    where is_professional
    union all
    select *, 'learning to code' as population
    from equal_answers
    where is_learning
)

select
    text_id(with_populations::varchar) as answer_id,
    source_file, edition_year, population, is_answered, is_counted, worked_with_options, wanted_options,
    if(has_admired, admired_cell_options, list_intersect(worked_with_options, wanted_options)) as admired_options,
    respondent_count
from with_populations
