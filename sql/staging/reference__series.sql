-- Every series and population that a source has, named and explained.
-- @grain source, series, population
-- @columns source, series
-- @column population: whom or what the figures speak of; a name in <> is a pattern
-- @columns label, counts_what, base_definition, unit, grains, is_binomial, has_pairs, rank, continued_by
-- @columns reading_error, series_order, caveat
-- @fail rank >= 1
-- @fail is_binomial is not null and has_pairs is not null
select
    source,
    series,
    population,
    label,
    counts_what,
    base_definition,
    unit,
    grains,
    is_binomial,
    has_pairs,
    rank,
    continued_by,
    reading_error,
    _line as series_order,
    caveat
from raw.reference_series
