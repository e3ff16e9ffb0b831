-- Tables of countries that compare two or more frameworks, as each request gave them, with the countries' ISO codes.
-- @grain source_file, country, framework
-- @columns source_file, is_import, retrieved_date, series, window_start, country, framework, framework_order
-- @columns value_pct
with
countries as (from staging.google_trends__countries),
keywords as (from intermediate.google_trends_keywords),

-- Exports name countries without their codes; the answers that we pulled know both, and we know the usual names.
names as (
    select country, lower(country_name) as country_name
    from countries
    where country is not null
    union all
    select country, lower(unnest(names)) as country_name
    from staging.reference__countries
),

codes as (select country_name, min(country) as country from names group by country_name)

select
    countries.source_file, countries.is_import, countries.retrieved_date, countries.series, countries.window_start,
    coalesce(countries.country, codes.country) as country,
    keywords.framework, keywords.framework_order,
    max(countries.value_pct) as value_pct
from countries
inner join keywords
    on keywords.kind = replace(countries.series, '_by_country', '')
    and keywords.keyword = lower(trim(countries.keyword))
left join codes on codes.country_name = lower(trim(countries.country_name))
where countries.is_worldwide
    and countries.keyword_count > 1
    and countries.value_pct is not null
    and countries.window_start is not null
    and coalesce(countries.country, codes.country) is not null
group by
    countries.source_file, countries.is_import, countries.retrieved_date, countries.series, countries.window_start,
    coalesce(countries.country, codes.country),
    keywords.framework, keywords.framework_order
