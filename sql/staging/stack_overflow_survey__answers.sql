-- Respondents of the Stack Overflow Developer Survey and what they answered on other frameworks and libraries.
-- @grain source_file, respondent
-- @column source_file: landed file that the record comes from
-- @column edition_year: year of the survey
-- @column respondent: number within the edition
-- @column branch: how the respondent describes themselves; null in 2018, which did not ask
-- @column worked_with: options worked with in the past year, joined by ;
-- @column wanted: options to work with in the next year, joined by ;
-- @column admired: options worked with and wanted again, joined by ;
select
    _source_file as source_file,
    year as edition_year,
    respondent,
    trim(branch) as branch,
    worked_with,
    wanted,
    admired
from raw.stack_overflow_survey_answers
