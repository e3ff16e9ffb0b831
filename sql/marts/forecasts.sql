-- Whether a Fisher-Pry line earns a forecast of the year ahead: proven better than both naive rules, and still going on.
-- @grain source, series, population, grain, framework_a, framework_b
-- @columns source, series, population, grain, framework_a, framework_b
-- @column cut_count: years' ends at which it was tested, each on the year after it
-- @columns best_count
-- @column model_error_pct: mean absolute error in points over those years
-- @column last_value_error_pct: the same of the last value
-- @column last_trend_error_pct: the same of the last trend
-- @columns p_value, p_corrected, is_current
-- @column is_forecast_shown: p_corrected is under 0.05, and the series is current
-- @columns reason, forecast_date, forecast_pct, usual_error_pct
-- @fail reason is not null
-- @fail is_forecast_shown = (forecast_pct is not null)
with
cuts as (
    select
        line,
        count(*) as cut_count,
        count(*) filter (where model_error_pct < least(last_value_error_pct, last_trend_error_pct)) as best_count,
        avg(model_error_pct order by fitted_to) as model_error_pct,
        avg(last_value_error_pct order by fitted_to) as last_value_error_pct,
        avg(last_trend_error_pct order by fitted_to) as last_trend_error_pct
    from staging.analysis__forecast_origins
    group by line
),

newest as (select max(period_start) as newest_period from intermediate.observations),

judged as (
    select
        lines.* exclude (error_model, is_thin, first_period),
        coalesce(cuts.cut_count, 0) as cut_count,
        coalesce(cuts.best_count, 0) as best_count,
        cuts.model_error_pct, cuts.last_value_error_pct, cuts.last_trend_error_pct, tests.p_value, tests.p_corrected,
        tests.forecast_pct as pct_ahead,
        next_start(lines.grain, next_start(lines.grain, lines.last_period)) > newest.newest_period as is_current,
        coalesce(tests.p_corrected < 0.05, false) and is_current as is_forecast_shown
    from staging.analysis__rates as rates
    inner join intermediate.pair_lines as lines using (line)
    cross join newest
    left join cuts on cuts.line = lines.line
    left join staging.analysis__forecast_tests as tests on tests.line = lines.line
)

select
    source, series, population, grain, framework_a, framework_b, cut_count, best_count, model_error_pct,
    last_value_error_pct, last_trend_error_pct, p_value, p_corrected, is_current, is_forecast_shown,
    case
        when is_forecast_shown then format('beat both rules on the years after {} years'' ends', cut_count)
        when p_value is null then format('could be tested at {} years'' ends, fewer than four', cut_count)
        when p_corrected >= 0.05
            then format('is not proven better than the last value and the last trend (p {:.2f})', p_corrected)
        else 'has ended: a year after its last figure is past'
    end as reason,
    if(is_forecast_shown, (last_period + interval 1 year)::date, null) as forecast_date,
    if(is_forecast_shown, pct_ahead, null) as forecast_pct,
    if(is_forecast_shown, model_error_pct, null) as usual_error_pct
from judged
