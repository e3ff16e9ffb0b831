-- Respondents of the Kaggle survey and the options that they ticked on frameworks or tools.
-- @grain answer_id
-- @column answer_id: position of the record
select
    row_number() over () as answer_id,
    year as edition_year, form,
    trim(job_title) as job_title,
    cells, _source_file as source_file
from raw.kaggle_survey_answers
