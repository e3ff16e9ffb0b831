-- Models of the documented list, which is read where the site tells no total.
-- @grain row_number
-- @column row_number: position among all rows
-- @column library: library tag
-- @column read_date: day of the reading, UTC
-- @column page: number of the page, from 1
-- @column is_last: no page comes after
-- @column model_id: owner and name
-- @column source_file: landed file
select
    row_number() over () as row_number,
    library,
    read_date,
    page,
    is_last,
    model_id,
    _source_file as source_file
from raw.huggingface_models_pages
