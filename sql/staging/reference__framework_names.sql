-- Further names of frameworks at the sources, beside the main ones in staging.reference__frameworks.
-- @grain used_for, name
-- @column note: why it is there; of an openalex_work its title
-- @fail used_for in ('pypi_variant', 'pypi_companion', 'openalex_work', 'hiring_word')
-- @fail name = lower(name)
select framework, used_for, name, since, note
from raw.reference_framework_names
