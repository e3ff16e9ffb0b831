-- Countries and other places with an ISO code: their names, and a tile of equal size for each on a map of our own.
-- @grain country
-- @fail region is not null
select
    country,
    array_prepend(name, string_split(other_names, '|')) as names,
    region, is_small, tile_column, tile_row, narrow_column, narrow_row
from raw.reference_countries
