-- Models created in a month that are tagged with a library: counted by a data set, or in the hub's own lists.
-- @grain library, month_start
-- @column library: library tag; any library: those that name one at all, which only the data set tells
-- @columns month_start, model_count, is_listed, asked_at, source_file
-- @fail model_count >= 0
with
answers as (
    select
        kind, subject as library,
        (part || '-01')::date as month_start,
        body, asked_at, _source_file as source_file
    from raw.huggingface_models_created
),

listed as (
    select
        * exclude (body),
        unnest(from_json(body, '[{"id": "VARCHAR", "createdAt": "VARCHAR"}]')) as model
    from answers
    where kind = 'listed'
),

counted as (
    select
        library, month_start,
        (body::json ->> 'num_rows_total')::bigint as model_count,
        false as is_listed, asked_at, source_file
    from answers
    where kind = 'created'
    union all by name
    -- A model that moved between two pages counts once.
    select
        library, month_start,
        count(distinct model.id) as model_count,
        true as is_listed,
        max(asked_at) as asked_at,
        source_file
    from listed
    where date_trunc('month', (try_cast(model."createdAt" as timestamptz) at time zone 'UTC')::date) = month_start
    group by library, month_start, source_file
)

select * from counted
qualify row_number() over (partition by library, month_start order by is_listed, asked_at desc, source_file desc) = 1
