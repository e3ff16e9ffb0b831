-- Where the Fisher-Pry line may be drawn on: only where it beat both naive rules on what is known by now.
-- @grain source, series, population, grain, framework_a, framework_b
-- @columns source, series, population, grain, framework_a, framework_b, cut_count, best_count
-- @column model_error_pct: mean absolute error in points, over those years' ends
-- @column last_value_error_pct: the same of the last value
-- @column last_trend_error_pct: the same of the last trend
-- @columns is_forecast_shown, reason, forecast_date, forecast_pct, usual_error_pct
-- @fail reason is not null
-- @fail is_forecast_shown = (forecast_pct is not null)
with

tested as (
    select
        source,
        series,
        population,
        grain,
        framework_a,
        framework_b,
        count(*) as cut_count,
        count(*) filter (where is_best) as best_count,
        avg(model_error_pct order by fitted_to) as model_error_pct,
        avg(last_value_error_pct order by fitted_to) as last_value_error_pct,
        avg(last_trend_error_pct order by fitted_to) as last_trend_error_pct
    from marts.forecast_backtest
    group by source, series, population, grain, framework_a, framework_b
),

judged as (
    select
        lines.* exclude (error_model, is_thin, first_period),
        fits.mean_log_odds + fits.slope
            * (datediff('day', '2018-01-01'::date, lines.last_period + interval 1 year) / 365.25 - fits.mean_years)
            as log_odds_ahead,
        coalesce(tested.cut_count, 0) as cut_count,
        coalesce(tested.best_count, 0) as best_count,
        tested.model_error_pct,
        tested.last_value_error_pct,
        tested.last_trend_error_pct,
        coalesce(tested.cut_count >= 2 and 2 * tested.best_count > tested.cut_count
            and tested.model_error_pct < least(tested.last_value_error_pct, tested.last_trend_error_pct), false)
            as is_forecast_shown
    from intermediate.substitution_fits as fits
    inner join intermediate.pair_lines as lines on lines.line = fits.line
    left join tested
        on tested.source = lines.source
        and tested.series = lines.series
        and tested.population = lines.population
        and tested.grain = lines.grain
        and tested.framework_a = lines.framework_a
        and tested.framework_b = lines.framework_b
    where fits.is_full
)

select
    source,
    series,
    population,
    grain,
    framework_a,
    framework_b,
    cut_count,
    best_count,
    model_error_pct,
    last_value_error_pct,
    last_trend_error_pct,
    is_forecast_shown,
    case
        when is_forecast_shown then format('beat both rules at {} of {} years'' ends', best_count, cut_count)
        when cut_count = 0 then 'too short to be tested'
        when cut_count = 1 then 'could be tested at one year''s end only'
        when model_error_pct >= last_value_error_pct
            then format('erred by {:.1f} points, the last value by {:.1f}', model_error_pct, last_value_error_pct)
        when model_error_pct >= last_trend_error_pct
            then format('erred by {:.1f} points, the last trend by {:.1f}', model_error_pct, last_trend_error_pct)
        else format('beat both rules at only {} of {} years'' ends', best_count, cut_count)
    end as reason,
    if(is_forecast_shown, (last_period + interval 1 year)::date, null) as forecast_date,
    if(is_forecast_shown, 100 / (1 + exp(-log_odds_ahead)), null) as forecast_pct,
    if(is_forecast_shown, model_error_pct, null) as usual_error_pct
from judged
