-- How many respondents each population of a landed edition has, and the bases that its shares may have.
-- @grain source_file, population
-- @column row_count: respondents
-- @column quality: full, or sample where the file has clearly fewer rows than the official one
-- @fail answered_count between 0 and row_count
-- @fail chart_base is null or chart_base <= row_count
with
answers as (from intermediate.stack_overflow_survey_answers),
years as (from staging.reference__stack_overflow_survey_years),

counted as (
    select
        source_file, edition_year, population,
        sum(respondent_count)::bigint as row_count,
        coalesce(sum(respondent_count) filter (where is_answered), 0)::bigint as answered_count,
        coalesce(sum(respondent_count) filter (where is_counted), 0)::bigint as counted_count
    from answers
    group by source_file, edition_year, population
),

-- Official files of one year circulate in two sizes; a sample has far fewer rows.
judged as (select *, max(row_count) over (partition by source_file) as file_row_count from counted),

qualified as (
    select
        judged.*, years.base_rule,
        coalesce(years.published_base, years.fitted_base) as known_base,
        coalesce(years.has_question, true) as has_question,
        coalesce(years.has_wanted, true) as has_wanted,
        years.official_row_count is null
        or abs(judged.file_row_count - years.official_row_count) <= years.official_row_count / 100 as is_whole
    from judged
    left join years using (edition_year)
)

select
    source_file, edition_year, population, has_question, has_wanted, row_count, answered_count,
    case
        -- 2019 left out those who gave only Other(s):, 2020 ignores no option.
        when base_rule = 'answered' then counted_count
        -- Of all respondents on the whole file: it says nothing of parts of either.
        when is_whole and population = 'all respondents' then known_base
    end as chart_base,
    case
        when not is_whole then 'sample'
        when base_rule = 'fitted' then 'fitted_base'
        else 'full'
    end as chart_quality,
    if(is_whole, 'full', 'sample') as quality
from qualified
