-- Every series and population that a source has, named and explained.
-- @grain source, series, population
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of; a name in <> is a pattern
-- @column label: name for a chart
-- @column counts_what: what one unit of value is
-- @column base_definition: what base holds
-- @column unit: what value counts
-- @column grains: lengths of period that occur, joined by |
-- @column is_binomial: true where value counts members of base, so that a Wilson interval makes sense
-- @column has_pairs: two frameworks of the population may stand against each other
-- @column is_stock: all that gathered up to the day is counted, so that the figure goes on rising after use has ended
-- @column rank: 1 for the population to prefer within its source and series
-- @column continued_by: population that goes on where this one ends; null where none does
-- @column reading_error: points by which a figure may be misread or rounded; null where it is counted
-- @column series_order: position within the table; the preferred series of a source stands first
-- @column caveat: what to know before reading it
-- @fail rank >= 1
-- @fail is_binomial is not null and has_pairs is not null and is_stock is not null
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
    is_stock,
    rank,
    continued_by,
    reading_error,
    _line as series_order,
    caveat
from raw.reference_series
