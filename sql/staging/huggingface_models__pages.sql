-- Models of the documented list, which is read where the site tells no total.
-- @grain row_number
select
    row_number() over () as row_number,
    library, read_date, page, is_last, model_id, _source_file as source_file
from raw.huggingface_models_pages
