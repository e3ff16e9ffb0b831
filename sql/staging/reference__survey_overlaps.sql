-- How many respondents of a survey with several answers named only one of two frameworks, or both.
-- @grain source, series, population, period_start, framework_a, framework_b
-- @fail only_a_count >= 0 and both_count >= 0 and only_b_count >= 0
select
    source, series, population, period as period_start, framework_a, framework_b, only_a_count, both_count,
    only_b_count, reference
from raw.reference_survey_overlaps
