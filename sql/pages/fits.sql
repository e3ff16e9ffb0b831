-- The fitted line of every pair in the series that speaks for each source, in words: how fast, and what of a forecast.
-- @grain source, population, framework_a, framework_b
-- @column source: who publishes the figures
-- @column source_label: name for people
-- @column population: whom or what the figures speak of
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column gaining_words: name of the one that replaces the other
-- @column rate_words: yearly change of the log odds
-- @column rate_low_words: lower end of its 95 percent interval
-- @column rate_high_words: upper end of that interval
-- @column years_words: years that the gaining one needs from 10 to 90 percent, with their 95 percent interval
-- @column fitted_words: first and last period fitted, the longest stretch between two breaks
-- @column rate_reason: why there is no rate; null where there is one
-- @column error_words: mean error of the line on what came after each year's end, in points
-- @column last_value_words: the same of the last value
-- @column last_trend_words: the same of the last trend
-- @column forecast_words: the forecast, where one is earned
-- @column reason: why it is shown or not
with

-- Months speak for the quarters that a chart draws.
speaking as (
    select distinct source, series, population, grain as drawn_grain
    from pages.options
    where is_headline
)

select
    found.source,
    sources.label as source_label,
    found.population,
    found.framework_a,
    found.framework_b,
    coalesce(gaining.label, 'not told apart') as gaining_words,
    printf('%.2f', found.rate_per_year) as rate_words,
    printf('%.2f', found.rate_low) as rate_low_words,
    printf('%.2f', found.rate_high) as rate_high_words,
    printf('%.1f', found.years_10_to_90) || printf(' (%.1f to %.1f)', found.years_low, found.years_high) as years_words,
    format('{} to {}', period_label(found.grain, found.first_period), period_label(found.grain, found.last_period))
        as fitted_words,
    found.rate_reason,
    printf('%.1f', forecasts.model_error_pct) as error_words,
    printf('%.1f', forecasts.last_value_error_pct) as last_value_words,
    printf('%.1f', forecasts.last_trend_error_pct) as last_trend_words,
    if(forecasts.is_forecast_shown, format('{} {} in {}', a.label, percent_words(forecasts.forecast_pct),
        strftime(forecasts.forecast_date, '%b %Y')), 'not shown') as forecast_words,
    forecasts.reason
from marts.substitution as found
inner join speaking using (source, series, population)
inner join marts.forecasts as forecasts using (source, series, population, grain, framework_a, framework_b)
inner join marts.source_status as sources on sources.source = found.source
inner join marts.frameworks as a on a.framework = found.framework_a
left join marts.frameworks as gaining on gaining.framework = found.gaining
qualify row_number() over (
    partition by found.source, found.population, found.framework_a, found.framework_b
    order by found.grain = speaking.drawn_grain desc, found.grain
) = 1
order by sources.headline_order, found.population
