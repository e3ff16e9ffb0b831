-- Search interest by country, one row per country and keyword of a pulled answer or an imported export, in our names.
-- @grain source_file, keyword, country, country_name
-- @column is_worldwide: a table of countries, not of the regions of one, over all categories of web search
-- @column window_start: first day of the time that the figures cover; null where an export does not say
-- @column country: ISO code; null in exports, which know names only
-- @column keyword: what was searched for
-- @column value_pct: percent of the request's searches within the country; null where there is no data
-- @column is_below_one: printed as "<1%"
select
    _source_file as source_file, is_import, retrieved as retrieved_date,
    if(kind = 'topic', 'topics_by_country', 'search_terms_by_country') as series,
    coalesce(geo, '') = '' and category is null and property is null as is_worldwide,
    try_cast(left(time_window, 10) as date) as window_start,
    geo_code as country, geo_name as country_name, keyword,
    max(position) over (partition by _source_file) as keyword_count,
    case
        when not coalesce(has_data, true) then null
        when formatted_value like '<%' then 0.5
        else try_cast(value as double)
    end as value_pct,
    coalesce(has_data, true) and coalesce(formatted_value, '') like '<%' as is_below_one
from raw.google_trends_countries
