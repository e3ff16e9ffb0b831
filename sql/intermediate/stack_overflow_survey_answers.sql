-- Equal answers of one population of an edition, taken together: the lists of options and how many gave them.
-- @grain answer_id
-- @column answer_id: number of the group
-- @column source_file: landed file
-- @column edition_year: year of the survey
-- @column population: all respondents, professional developers or learning to code
-- @column worked_with_options: options worked with; null where the question was left empty or not asked
-- @column wanted_options: options wanted; null likewise
-- @column admired_options: options worked with and wanted again; null likewise
-- @column respondent_count: respondents who gave exactly these answers
-- @fail respondent_count > 0
with

answers as (
    select * from staging.stack_overflow_survey__answers
),

years as (
    select * from staging.reference__stack_overflow_survey_years
),

equal_answers as (
    select
        source_file,
        edition_year,
        branch,
        worked_with,
        wanted,
        admired,
        count(*) as respondent_count
    from answers
    group by source_file, edition_year, branch, worked_with, wanted, admired
),

-- A whole option counts, never a part of one: React is not React Native. 2023 pads `.NET (5+) ` with a blank.
split_answers as (
    select
        *,
        list_distinct([trim(option) for option in string_split(worked_with, ';') if trim(option) <> ''])
            as worked_with_options,
        list_distinct([trim(option) for option in string_split(wanted, ';') if trim(option) <> '']) as wanted_options,
        list_distinct([trim(option) for option in string_split(admired, ';') if trim(option) <> ''])
            as admired_cell_options
    from equal_answers
),

-- Who is a professional is what the edition's own report took for one.
with_populations as (
    select
        *,
        'all respondents' as population
    from split_answers
    union all
    select
        split_answers.*,
        'professional developers' as population
    from split_answers
    inner join years
        on years.edition_year = split_answers.edition_year
        and list_contains(years.professional_values, split_answers.branch)
    union all
    select
        split_answers.*,
        'learning to code' as population
    from split_answers
    inner join years
        on years.edition_year = split_answers.edition_year
        and list_contains(years.learning_values, split_answers.branch)
)

select
    row_number() over () as answer_id,
    with_populations.source_file,
    with_populations.edition_year,
    with_populations.population,
    with_populations.worked_with_options,
    with_populations.wanted_options,
    if(
        years.has_admired,
        with_populations.admired_cell_options,
        list_intersect(with_populations.worked_with_options, with_populations.wanted_options)
    ) as admired_options,
    with_populations.respondent_count
from with_populations
left join years on years.edition_year = with_populations.edition_year
