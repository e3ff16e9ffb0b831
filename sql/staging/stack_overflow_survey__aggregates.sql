-- The publisher's own counts of the Stack Overflow Developer Survey, as its archive keeps them beside the respondents.
-- @grain source_file, respondents, option
-- @column source_file: landed file that the record comes from
-- @column edition_year: year of the survey
-- @column respondents: group of respondents, in the publisher's words
-- @column response_count: number of responses printed at the chart; not always the base of its percents
-- @column option: option as the form spells it
-- @column option_count: respondents who took it; up to 2020 recovered from percents of four decimals
-- @column is_counted: the file gives the count itself
-- @column percent: as printed
-- @fail option_count >= 0
select
    _source_file as source_file,
    year as edition_year,
    trim(respondents) as respondents,
    response_count,
    trim(option) as option,
    coalesce(frequency, round(percent * response_count / 100))::bigint as option_count,
    frequency is not null as is_counted,
    percent
from raw.stack_overflow_survey_aggregates
