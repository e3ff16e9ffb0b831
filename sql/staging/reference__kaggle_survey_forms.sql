-- Layouts in which the Kaggle survey comes, one an edition and one that holds several.
-- @grain form
-- @column form: name of the layout
-- @column edition_year: year of the survey; null for a layout that holds several
-- @column series: series that its question leads to
-- @column option_separator: what joins several options in one cell; null where each option has its own column
-- @column official_row_count: respondents of the edition
-- @column of_rows_from_year: first edition whose series over all rows it may give; null for none
-- @column notes: what is special about it
-- @fail series is not null
select
    form,
    year as edition_year,
    series,
    option_separator,
    row_count as official_row_count,
    of_rows_from_year,
    notes
from raw.reference_kaggle_survey_forms
