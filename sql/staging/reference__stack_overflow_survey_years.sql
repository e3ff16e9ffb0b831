-- Editions of the Stack Overflow Developer Survey: how each one asked, and which base its published charts have.
-- @grain edition_year
-- @column official_row_count: rows of the public file
-- @column has_question: the form asks about other frameworks and libraries
-- @column notes: how we know the base
-- @fail base_rule is null or base_rule in ('answered', 'published', 'fitted')
-- @fail (base_rule is not distinct from 'fitted') = (fitted_base is not null)
-- @fail (base_rule is not distinct from 'published') = (published_base is not null)
-- @fail fitted_base is null or fitted_base between fitted_base_low and fitted_base_high
select
    year as edition_year, row_count as official_row_count,
    worked_with_column is not null as has_question,
    wanted_column is not null as has_wanted,
    admired_column is not null as has_admired,
    coalesce(string_split(professional_values, '|'), []) as professional_values,
    coalesce(string_split(learning_values, '|'), []) as learning_values,
    base_rule,
    coalesce(string_split(ignored_options, '|'), []) as ignored_options,
    published_base, fitted_base, fitted_base_low, fitted_base_high,
    coalesce(string_split(options, '|'), []) as offered_options,
    notes
from raw.reference_stack_overflow_survey_years
