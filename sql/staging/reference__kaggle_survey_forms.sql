-- Layouts in which the Kaggle survey comes, one an edition and one that holds several.
-- @grain form
-- @column form: name of the layout
-- @column edition_year: year of the survey; null for a layout that holds several
-- @fail series is not null
select
    form, year as edition_year, series, option_separator, row_count as official_row_count, of_rows_from_year, notes
from raw.reference_kaggle_survey_forms
