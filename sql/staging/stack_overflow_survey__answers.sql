-- Respondents of the Stack Overflow Developer Survey and what they answered on other frameworks and libraries.
-- @grain source_file, respondent
select
    _source_file as source_file, year as edition_year, respondent,
    trim(branch) as branch,
    worked_with, wanted, admired
from raw.stack_overflow_survey_answers
