-- Models created in a month that name a library, and those of them that are tagged with a given one.
-- @grain library, month_start
-- @column library: library tag; any library: those that name one at all
-- @columns month_start, model_count, asked_at, source_file
-- @fail model_count >= 0
select
    subject as library,
    (part || '-01')::date as month_start,
    (body::json ->> 'num_rows_total')::bigint as model_count,
    asked_at,
    _source_file as source_file
from raw.huggingface_models_created
where kind = 'created'
qualify row_number() over (partition by subject, part order by asked_at desc, _source_file desc) = 1
