-- The fitted line of every pair in the series that speaks for each source, in words: how fast, and what of a forecast.
-- @grain source, population, framework_a, framework_b
-- @columns source, source_label, series, population
-- @column grain: length of the period; months where a chart draws quarters
-- @columns framework_a, framework_b, gaining, gaining_words, rate_words, rate_low_words, rate_high_words
-- @columns years_words, fitted_words, fitted_until, gain_words, rate_reason, error_words, last_value_words
-- @columns last_trend_words, forecast_words, reason
-- @column sentence: what the line says of its source
-- @columns forecast_sentence
-- @column title: what all lines of the pair say together
with
-- Months speak for the quarters that a chart draws.
speaking as (
    select distinct source, series, population, grain as drawn_grain
    from pages.options
    where is_headline
),

chosen as (
    select rates.*
    from marts.substitution as rates
    inner join speaking using (source, series, population)
    qualify row_number() over (
        partition by rates.source, rates.population, rates.framework_a, rates.framework_b
        order by rates.grain = speaking.drawn_grain desc, rates.grain
    ) = 1
),

counted as (
    select
        *,
        count(*) filter (where gaining = framework_a) over pair as a_count,
        count(*) filter (where gaining = framework_b) over pair as b_count,
        count(*) over pair as line_count
    from chosen
    window pair as (partition by framework_a, framework_b)
)

select
    found.source, sources.label as source_label, found.series, found.population, found.grain, found.framework_a,
    found.framework_b, found.gaining,
    coalesce(gaining.label, 'not told apart') as gaining_words,
    printf('%.2f', found.rate_per_year) as rate_words,
    printf('%.2f', found.rate_low) as rate_low_words,
    printf('%.2f', found.rate_high) as rate_high_words,
    printf('%.1f', found.years_10_to_90) || printf(' (%.1f to %.1f)', found.years_low, found.years_high) as years_words,
    format('{} to {}', period_label(found.grain, found.first_period), period_label(found.grain, found.last_period))
        as fitted_words,
    found.last_period as fitted_until,
    if(found.gaining is null, null, format('from {} to {} of both, {}',
        percent_words(if(found.gaining = found.framework_a, found.first_pct, 100 - found.first_pct)),
        percent_words(if(found.gaining = found.framework_a, found.last_pct, 100 - found.last_pct)), fitted_words)) as gain_words,
    found.rate_reason,
    printf('%.1f', forecasts.model_error_pct) as error_words,
    printf('%.1f', forecasts.last_value_error_pct) as last_value_words,
    printf('%.1f', forecasts.last_trend_error_pct) as last_trend_words,
    if(forecasts.is_forecast_shown, format('{} {} in {}', a.label, percent_words(forecasts.forecast_pct),
        strftime(forecasts.forecast_date, '%b %Y')), 'not shown') as forecast_words,
    forecasts.reason,
    substitution_sentence(found, a.label, b.label) as sentence,
    if(is_forecast_shown, format('Forecast for {}: {} {}, usual error {:.1f} points.',
        strftime(forecast_date, '%b %Y'), a.label, percent_words(forecast_pct), usual_error_pct),
        format('No forecast: the series {}.', reason)) as forecast_sentence,
    substitution_title(a.label, b.label, found.a_count, found.b_count, found.line_count) as title
from counted as found
inner join marts.forecasts as forecasts using (source, series, population, grain, framework_a, framework_b)
inner join marts.source_status as sources using (source)
inner join marts.frameworks as a on a.framework = found.framework_a
inner join marts.frameworks as b on b.framework = found.framework_b
left join marts.frameworks as gaining on gaining.framework = found.gaining
order by sources.headline_order, found.population
