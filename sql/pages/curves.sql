-- The curve under every pair in the series that speaks for each source, point by point beside its figures.
-- Where a forecast is earned, a last row holds it.
-- @grain source, population, framework_a, framework_b, point_date
-- @column fitted_pct: the curve at that day; null where a stretch is too short for one
-- @column forecast_pct: in the last period the curve, one year later the forecast; null elsewhere
-- @fail coalesce(fitted_pct between fitted_low_pct - 1e-9 and fitted_high_pct + 1e-9, true)
with
fits as (
    select fits.*, rates.last_period, forecasts.is_forecast_shown, forecasts.forecast_date, forecasts.forecast_pct
    from pages.fits as fits
    inner join marts.substitution as rates using (source, series, population, grain, framework_a, framework_b)
    inner join marts.forecasts as forecasts using (source, series, population, grain, framework_a, framework_b)
),

drawn as (
    select
        fits.* exclude (forecast_pct), points.period_start as drawn_start,
        points.a_share_of_pair_pct as observed_pct, points.curve_pct as fitted_pct,
        points.curve_low_pct as fitted_low_pct, points.curve_high_pct as fitted_high_pct,
        if(fits.is_forecast_shown and points.period_start = fits.last_period, points.curve_pct, null) as forecast_pct
    from fits
    inner join marts.head_to_head_smoothed as points using (source, series, population, grain, framework_a, framework_b)
    union all by name
    select *, forecast_date as drawn_start
    from fits
    where is_forecast_shown
)

select
    drawn.source, drawn.source_label, drawn.population, drawn.framework_a, drawn.framework_b,
    period_middle(drawn.grain, drawn.drawn_start) as point_date,
    if(observed_pct is null, strftime(drawn_start, '%b %Y'), period_label(drawn.grain, drawn_start)) as period_label,
    drawn.observed_pct, drawn.fitted_pct, drawn.fitted_low_pct, drawn.fitted_high_pct, drawn.forecast_pct
from drawn
inner join marts.source_status as sources using (source)
order by drawn.framework_a, drawn.framework_b, sources.headline_order, drawn.population, point_date
