-- Totals of models as the site tells them.
-- @grain library, read_date
-- @column library: library tag
-- @column read_date: day of the reading, UTC
-- @column model_count: public models with the tag
-- @column source_file: landed file
select
    library,
    read_date,
    "numTotalItems"::bigint as model_count,
    _source_file as source_file
from raw.huggingface_models_totals
