-- The curve under every pair in the series that speaks for each source, point by point beside its figures.
-- Months stand in where a chart draws quarters. Where a forecast is earned, a last row holds it.
-- @grain source, population, framework_a, framework_b, point_date
-- @columns source, source_label, series, population, framework_a, framework_b, point_date, period_label, observed_pct
-- @column fitted_pct: the curve at that day, without the noise of single periods; null where a stretch is too short for one
-- @column fitted_low_pct: lower end of the 95 percent interval of the curve
-- @column fitted_high_pct: upper end
-- @column forecast_pct: in the last period the curve, one year later the forecast; null elsewhere
-- @column sentence: what the line says of its source
-- @columns forecast_words
-- @column title: what all lines of the pair say together
-- @columns source_position
-- @fail coalesce(fitted_pct between fitted_low_pct - 1e-9 and fitted_high_pct + 1e-9, true)
with

lines as (
    select
        lines.* exclude (error_model, is_thin, first_period),
        rates.* exclude (source, series, population, grain, framework_a, framework_b, last_period),
        forecasts.* exclude (source, series, population, grain, framework_a, framework_b)
    from intermediate.pair_lines as lines
    inner join (
        select source, series, populations.population, grain as drawn_grain
        from intermediate.series_populations as populations
        inner join intermediate.headline_series using (source, series, grain)
        where populations.is_speaking
    ) as speaking using (source, series, population)
    inner join marts.substitution as rates using (source, series, population, grain, framework_a, framework_b)
    inner join marts.forecasts as forecasts using (source, series, population, grain, framework_a, framework_b)
    qualify row_number() over (
        partition by lines.source, lines.population, lines.framework_a, lines.framework_b
        order by lines.grain = speaking.drawn_grain desc, lines.grain
    ) = 1
),

worded as (
    select
        lines.*,
        substitution_sentence(lines, a.label, b.label) as sentence,
        if(is_forecast_shown, format('Forecast for {}: {} {:.0f}%, usual error {:.1f} points.',
            strftime(forecast_date, '%b %Y'), a.label, forecast_pct, usual_error_pct),
            format('No forecast: the series {}.', reason)) as forecast_words,
        substitution_title(a.label, b.label,
            count(*) filter (where gaining = lines.framework_a) over pair,
            count(*) filter (where gaining = lines.framework_b) over pair,
            count(*) over pair) as title
    from lines
    inner join marts.frameworks as a on a.framework = lines.framework_a
    inner join marts.frameworks as b on b.framework = lines.framework_b
    window pair as (partition by lines.framework_a, lines.framework_b)
),

drawn as (
    select
        points.line,
        points.period_start,
        points.period_start as drawn_start,
        points.share_pct as observed_pct,
        curves.curve_pct as fitted_pct,
        curves.curve_low_pct as fitted_low_pct,
        curves.curve_high_pct as fitted_high_pct,
        if(lines.is_forecast_shown and points.period_start = lines.last_period, curves.curve_pct, null) as forecast_pct
    from intermediate.pair_pieces as points
    inner join lines on lines.line = points.line
    left join staging.analysis__curves as curves
        on curves.line = points.line and curves.period_start = points.period_start
    union all by name
    select
        line,
        last_period as period_start,
        forecast_date as drawn_start,
        forecast_pct
    from lines
    where is_forecast_shown
)

select
    worded.source,
    sources.label as source_label,
    worded.series,
    worded.population,
    worded.framework_a,
    worded.framework_b,
    period_middle(worded.grain, drawn.drawn_start) as point_date,
    if(drawn.observed_pct is null, strftime(drawn.drawn_start, '%b %Y'), period_label(worded.grain, drawn.period_start))
        as period_label,
    drawn.observed_pct,
    drawn.fitted_pct,
    drawn.fitted_low_pct,
    drawn.fitted_high_pct,
    drawn.forecast_pct,
    worded.sentence,
    worded.forecast_words,
    worded.title,
    headline.headline_order as source_position
from drawn
inner join worded on worded.line = drawn.line
inner join marts.source_status as sources on sources.source = worded.source
inner join intermediate.headline_series as headline on headline.source = worded.source
order by worded.framework_a, worded.framework_b, source_position, worded.population, point_date
