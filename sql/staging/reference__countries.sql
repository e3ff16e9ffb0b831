-- Countries and other places with an ISO code: their names, and a tile of equal size for each on a map of our own.
-- @grain country
-- @column country: ISO code
-- @column names: our name first, then others that exports use
-- @column region: part of the world, which is a block of the map
-- @column is_small: shown on the map only with figures
-- @column tile_column: column of its tile
-- @column tile_row: row of its tile
-- @column narrow_column: the same on a narrow map
-- @column narrow_row: the same on a narrow map
-- @fail region is not null
select
    country,
    array_prepend(name, string_split(other_names, '|')) as names,
    region,
    is_small,
    tile_column,
    tile_row,
    narrow_column,
    narrow_row
from raw.reference_countries
