-- Editions of the Stack Overflow Developer Survey: how each one asked, and which base its published charts have.
-- @grain edition_year
-- @column edition_year: year of the survey
-- @column official_row_count: rows of the public file
-- @column has_question: the form asks about other frameworks and libraries
-- @column has_wanted: the form asks what people want to work with
-- @column has_admired: the file says who wants to go on; else it follows from the other two answers
-- @column professional_values: answers that made a professional developer that year; empty where not known
-- @column learning_values: answers that made someone learning to code; empty where not known
-- @column base_rule: answered (by rule), published (as printed at the chart), fitted (to printed shares) or null (not known)
-- @column ignored_options: options that alone are no answer to the rule
-- @column published_base: number of responses printed at the chart of all respondents
-- @column fitted_base: base that the printed shares of all respondents lead to
-- @column fitted_base_low: smallest base that rounds to every printed share
-- @column fitted_base_high: largest such base
-- @column offered_options: options on machine learning that the form offered, also if nobody took them
-- @column notes: how we know the base
-- @fail base_rule is null or base_rule in ('answered', 'published', 'fitted')
-- @fail (base_rule is not distinct from 'fitted') = (fitted_base is not null)
-- @fail (base_rule is not distinct from 'published') = (published_base is not null)
-- @fail fitted_base is null or fitted_base between fitted_base_low and fitted_base_high
select
    year as edition_year,
    row_count as official_row_count,
    worked_with_column is not null as has_question,
    wanted_column is not null as has_wanted,
    admired_column is not null as has_admired,
    coalesce(string_split(professional_values, '|'), []) as professional_values,
    coalesce(string_split(learning_values, '|'), []) as learning_values,
    base_rule,
    coalesce(string_split(ignored_options, '|'), []) as ignored_options,
    published_base,
    fitted_base,
    fitted_base_low,
    fitted_base_high,
    coalesce(string_split(options, '|'), []) as offered_options,
    notes
from raw.reference_stack_overflow_survey_years
