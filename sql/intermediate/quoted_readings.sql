-- Shares once read off the Papers With Code trends page, beside readings of the same page that are held, and our draw.
-- @grain period_start, framework
-- @column period_start: month of the quoted reading
-- @column then_pct: its share of the quarter that holds the month or the one before, whichever is nearer to the quote
-- @column newest_pct: its share
-- A quote is whole and a reading has its reading error: they match within half a point more than that error. That of one
-- picture is made of its newest quarter, so that the least of all pictures of the page is asked for.
with
quoted as (
    select period_start, framework, value as published_pct
    from intermediate.observations
    where source = 'papers_with_code' and series = 'published_share_readings' and grain = 'month'
),

pages as (
    select
        observations.population,
        strptime(regexp_extract(observations.population, 'read (\d{4}-\d{2})', 1), '%Y-%m')::date as read_month,
        observations.period_start as quarter_start, observations.framework, observations.value,
        min(series.reading_error) over () as reading_error
    from intermediate.observations as observations
    inner join intermediate.series_populations as series using (source, series, population, grain)
    where observations.source = 'papers_with_code' and observations.series = 'trends_page_share'
        and observations.grain = 'quarter'
),

near as (
    select
        quoted.period_start, quoted.framework, quoted.published_pct, pages.population, pages.read_month, pages.value,
        abs(datediff('month', pages.read_month, quoted.period_start)) as months_apart,
        abs(pages.value - quoted.published_pct) <= pages.reading_error + 0.5 as is_near
    from quoted
    inner join pages
        on pages.framework = quoted.framework
        and pages.quarter_start in (
            period_of('quarter', quoted.period_start),
            (period_of('quarter', quoted.period_start) - interval 3 month)::date
        )
    qualify row_number() over (
        partition by quoted.period_start, quoted.framework, pages.population
        order by abs(pages.value - quoted.published_pct), pages.quarter_start desc
    ) = 1
),

held as (
    select
        period_start, framework,
        arg_min(population, months_apart) as then_population,
        arg_min(value, months_apart) as then_pct,
        arg_min(is_near, months_apart) as is_near_then,
        arg_max(population, read_month) as newest_population,
        arg_max(value, read_month) as newest_pct,
        arg_max(is_near, read_month) as is_near_newest
    from near
    group by period_start, framework
),

draws as (
    from intermediate.observations
    where source = 'papers_with_code' and series = 'repositories_drawn' and population like '%, by creation' and grain = 'year'
)

select
    quoted.period_start, quoted.framework, quoted.published_pct, held.then_population, held.then_pct,
    held.newest_population, held.newest_pct, draws.given_low_pct as draw_low_pct,
    draws.given_high_pct as draw_high_pct,
    case
        when held.is_near_newest or quoted.published_pct between draws.given_low_pct and draws.given_high_pct
            then 'matches'
        when held.is_near_then then 'matches a reading of its time only'
        when held.then_population is not null then 'matches none'
    end as answer
from quoted
left join held using (period_start, framework)
left join draws on draws.period_start = period_of('year', quoted.period_start) and draws.framework = quoted.framework
