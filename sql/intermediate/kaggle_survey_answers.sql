-- Respondents of the Kaggle survey by population, with the options that they ticked.
-- @grain population, answer_id
-- @columns population, answer_id, edition_year, series, has_of_rows, options
-- @column quality: full, or sample where the file has clearly fewer rows than the edition
-- @columns source_file
-- @fail options is not null
with
answers as (from staging.kaggle_survey__answers),
forms as (from staging.reference__kaggle_survey_forms),

-- Cells are padded (`  TensorFlow `); the answer None is one. 2017 joins all options in one cell.
split_answers as (
    select
        answers.answer_id, answers.edition_year, answers.job_title, answers.source_file, forms.series,
        coalesce(answers.edition_year >= forms.of_rows_from_year, false) as has_of_rows,
        list_distinct([
            trim(option)
            for option in flatten([
                if(forms.option_separator is null, [cell], string_split(cell, forms.option_separator))
                for cell in answers.cells
                if cell is not null
            ])
            if trim(option) <> ''
        ]) as options,
        count(*) over (partition by answers.source_file) as row_count
    from answers
    inner join forms using (form)
),

judged as (
    select
        split_answers.*,
        if(
            abs(split_answers.row_count - editions.official_row_count) <= editions.official_row_count / 100,
            'full',
            'sample'
        ) as quality
    from split_answers
    inner join forms as editions using (edition_year)
)

select
    'all respondents' as population, answer_id, edition_year, series, has_of_rows, options, quality, source_file
from judged
union all
select
    'data scientists' as population, answer_id, edition_year, series, has_of_rows, options, quality, source_file
from judged
where job_title = 'Data Scientist'
