-- Counts of the imported editions of the Kaggle survey, in the schema that all sources share.
-- @grain series, population, period_start, framework, source_file
-- @column series: ml_frameworks_used (of all who answered), ml_frameworks_used_of_rows or work_tools_used (2017)
-- @column period_start: 1 January of the edition
-- @column framework: our id; none is an answer
-- @column value: respondents who ticked it; 0 where nobody of the population did though the form offered it
-- @column base: respondents that the share is of
-- @fail value between 0 and base
with
given as (from staging.kaggle_survey__answers),
forms as (from staging.reference__kaggle_survey_forms),

-- Cells are padded (`  TensorFlow `); the answer None is one. 2017 joins all options in one cell.
split_answers as (
    select
        given.answer_id, given.edition_year, given.job_title, given.source_file, forms.series,
        coalesce(given.edition_year >= forms.of_rows_from_year, false) as has_of_rows,
        list_distinct([
            trim(option)
            for option in flatten([
                if(forms.option_separator is null, [cell], string_split(cell, forms.option_separator))
                for cell in given.cells
                if cell is not null
            ])
            if trim(option) <> ''
        ]) as options,
        count(*) over (partition by given.source_file) as row_count
    from given
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
),

-- Respondents of the Kaggle survey by population, with the options that they ticked.
answers as (
    select 'all respondents' as population, answer_id, edition_year, series, has_of_rows, options, quality, source_file
    from judged
    union all
    select 'data scientists' as population, answer_id, edition_year, series, has_of_rows, options, quality, source_file
    from judged
    where job_title = 'Data Scientist'
),

spellings as (
    select framework, trim(unnest(string_split(kaggle_tokens, '|'))) as option
    from staging.reference__frameworks
),

ticked as (select population, source_file, answer_id, unnest(options) as option from answers),

counts as (
    select
        ticked.source_file, ticked.population, spellings.framework,
        count(distinct ticked.answer_id) as value
    from ticked
    inner join spellings using (option)
    group by ticked.source_file, ticked.population, spellings.framework
),

-- An option was on the form if anyone ticked it; merged files keep empty columns for those that were not.
offered as (select source_file, framework from counts where population = 'all respondents'),

bases as (
    select
        source_file, population, edition_year, series, has_of_rows, quality,
        count(*) filter (where len(options) > 0) as answered_count,
        count(*) as row_count
    from answers
    group by source_file, population, edition_year, series, has_of_rows, quality
),

series as (
    select * exclude (answered_count, row_count), answered_count as base
    from bases
    where answered_count > 0
    union all
    select
        * exclude (answered_count, row_count) replace (series || '_of_rows' as series),
        row_count as base
    from bases
    -- Periods replace each other whole: a file that lost options must not stand in for a table that has them.
    where has_of_rows and answered_count > 0
)

select
    'kaggle_survey' as source, series.series, series.population, 'edition' as grain,
    make_date(series.edition_year, 1, 1) as period_start,
    offered.framework,
    coalesce(counts.value, 0)::double as value,
    series.base, 'respondents' as unit, series.quality, null::varchar as reference, series.source_file
from series
inner join offered using (source_file)
left join counts using (source_file, population, framework)
