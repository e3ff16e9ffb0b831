-- Totals of models as the site tells them.
-- @grain library, read_date
-- @column model_count: public models with the tag
select library, read_date, "numTotalItems"::bigint as model_count, _source_file as source_file
from raw.huggingface_models_totals
