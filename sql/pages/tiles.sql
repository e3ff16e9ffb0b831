-- The map's layout: one tile of equal size per country; where it stands says roughly where the country lies.
-- @grain country
-- @column country: ISO code
-- @column region: part of the world, which is a block of the map
-- @column is_small: shown with figures only
-- @column wide: column and row of its tile
-- @column narrow: the same on a narrow map
select
    country,
    region,
    is_small,
    [tile_column, tile_row] as wide,
    [narrow_column, narrow_row] as narrow
from staging.reference__countries
