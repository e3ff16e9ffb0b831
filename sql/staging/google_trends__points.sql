-- Search interest over time, one row per bucket and keyword of a pulled answer or an imported export, in our names.
-- @grain source_file, keyword, period_at
-- @column source_file: landed file; one request, with a scale of its own
-- @column population: world or an ISO code; behind it the category and the search if not all categories of web search
-- @column grain: length of the bucket: month, week, day or hour
-- @column keyword: what was searched for: a word, or a topic's id or title
-- @column position: place within the request
-- @column value_index: 0 to 100 within the request; half a point for "<1", null where there is no data
-- @column is_below_one: printed as "<1": between nothing and half a point
select
    _source_file as source_file, is_import, retrieved as retrieved_date,
    if(kind = 'topic', 'topics', 'search_terms') as series,
    -- Another category or another of Google's searches is another population: their figures are never averaged.
    concat_ws(', ', coalesce(nullif(geo, ''), 'world'), category, property) as population,
    lower(resolution) as grain,
    -- Answers count seconds; exports name days, or hours as in 2021-03-07T13.
    coalesce(
        make_timestamp(try_cast(time as bigint) * 1000000),
        try_cast(if(regexp_matches(time, 'T\d\d$'), time || ':00', time) as timestamp)
    ) as period_at,
    keyword, position,
    -- A printed 0 is three things: a true zero, "<1", and no data (has_data false).
    case
        when not coalesce(has_data, true) then null
        when formatted_value like '<%' then 0.5
        else try_cast(value as double)
    end as value_index,
    coalesce(has_data, true) and coalesce(formatted_value, '') like '<%' as is_below_one,
    coalesce(has_data, true) as has_data,
    is_partial, axis_note, user_type
from raw.google_trends_points
