-- Respondents of the Kaggle survey and the options that they ticked on frameworks or tools.
-- @grain answer_id
-- @column answer_id: position of the record
-- @column edition_year: year of the survey
-- @column form: layout of the file; see staging.reference__kaggle_survey_forms
-- @column job_title: job title as ticked
-- @column cells: one cell an option column, padded with blanks as in the file; null where not ticked
-- @column source_file: landed file that the record comes from
select
    row_number() over () as answer_id,
    year as edition_year,
    form,
    trim(job_title) as job_title,
    cells,
    _source_file as source_file
from raw.kaggle_survey_answers
