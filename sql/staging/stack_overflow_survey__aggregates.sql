-- The publisher's own counts of the Stack Overflow Developer Survey, as its archive keeps them beside the respondents.
-- @grain source_file, respondents, option
-- @column option_count: respondents who took it; up to 2020 recovered from percents of four decimals
-- @column is_counted: the file gives the count itself
-- @fail option_count >= 0
select
    _source_file as source_file, year as edition_year,
    trim(respondents) as respondents,
    response_count,
    trim(option) as option,
    coalesce(frequency, round(percent * response_count / 100))::bigint as option_count,
    frequency is not null as is_counted,
    percent
from raw.stack_overflow_survey_aggregates
