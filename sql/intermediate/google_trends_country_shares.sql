-- Shares of the searches for all frameworks we follow within each country, from the newest tables of countries.
-- Repeats are averaged and groups joined country by country through what they share with the newest first group.
-- @grain is_import, series, country, framework
-- @column share_pct: percent of the searches within the country; all frameworks add up to 100
-- @fail share_pct between 0 and 100 + 1e-9
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

codes as (select country_name, min(country) as country from names group by country_name),

-- Tables of countries that compare two or more frameworks, as each request gave them, with the countries' ISO codes.
cells as (
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
),

files as (
    select
        source_file, is_import, series,
        row_number() over (
            partition by is_import, series
            order by min(framework_order), max(retrieved_date) desc, source_file desc
        ) as place,
        max(retrieved_date) as retrieved_date,
        max(window_start) as window_start
    from cells group by source_file, is_import, series
),

firsts as (from files where place = 1),

-- Of the others only those of about the same window: shares of another time would not add up with these.
joints as (
    select files.source_file, a.country, sum(a.value_pct) / sum(b.value_pct) as factor
    from files
    inner join firsts
        on firsts.is_import = files.is_import
        and firsts.series = files.series
        and abs(date_diff('day', firsts.window_start, files.window_start)) <= 31
    inner join cells as a on a.source_file = firsts.source_file
    inner join cells as b
        on b.source_file = files.source_file
        and b.country = a.country
        and b.framework = a.framework
    group by files.source_file, a.country
    having sum(a.value_pct) > 0 and sum(b.value_pct) > 0
),

scaled as (
    select
        cells.is_import, cells.series, cells.country, firsts.window_start, cells.framework,
        avg(cells.value_pct * joints.factor) as scaled_pct,
        firsts.source_file
    from cells
    inner join joints using (source_file, country)
    inner join firsts using (is_import, series)
    group by cells.is_import, cells.series, cells.country, firsts.window_start, cells.framework, firsts.source_file
)

select
    is_import, series, country, window_start, framework,
    round(100 * scaled_pct / sum(scaled_pct) over (partition by is_import, series, country), 6) as share_pct,
    source_file
from scaled
-- One framework beside something that we do not follow is no comparison.
qualify count(*) over (partition by is_import, series, country) > 1
