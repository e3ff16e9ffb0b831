-- The map's layout: one tile of equal size per country; where it stands says roughly where the country lies.
-- @grain country
select
    country, region, is_small,
    [tile_column, tile_row] as wide,
    [narrow_column, narrow_row] as narrow
from staging.reference__countries
