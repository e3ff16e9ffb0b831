-- Every series and population that a source has, named and explained.
-- @grain source, series, population
-- @column population: whom or what the figures speak of; a name in <> is a pattern
-- @column is_stock: all that gathered up to the day is counted, so that the figure goes on rising after use has ended
-- @fail rank >= 1
-- @fail is_binomial is not null and has_pairs is not null and is_stock is not null
select
    source, series, population, label, counts_what, base_definition, unit, grains, is_binomial, has_pairs, is_stock,
    rank, continued_by, reading_error, design_effect, _line as series_order, caveat
from raw.reference_series
