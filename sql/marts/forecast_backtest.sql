-- The Fisher-Pry line fitted up to the end of each year, held against what came after and against two naive rules.
-- @grain source, series, population, grain, framework_a, framework_b, fitted_to
-- @columns source, series, population, grain, framework_a, framework_b
-- @column fitted_to: last day whose figures were used
-- @columns fitted_count, tested_count, tested_to, model_error_pct, last_value_error_pct, last_trend_error_pct
-- @columns is_best
-- @fail model_error_pct >= 0 and tested_count > 0
with

fits as (
    select * from intermediate.substitution_fits where not is_full
),

points as (
    select * from intermediate.log_odds
),

-- The newest trailing window known at the cut, and the one of a year before it.
known as (
    select
        fits.line,
        fits.fitted_to,
        arg_max(points.trailing_pct, points.period_start) as last_pct,
        max(points.years) as last_years,
        arg_max(points.trailing_pct, points.period_start)
            filter (where points.period_start <= fits.last_period - interval 1 year) as before_pct,
        max(points.years) filter (where points.period_start <= fits.last_period - interval 1 year) as before_years
    from fits
    inner join points on points.line = fits.line and points.period_start <= fits.fitted_to
    group by fits.line, fits.fitted_to
),

guessed as (
    select
        fits.line,
        fits.fitted_to,
        fits.point_count,
        points.period_start,
        points.members,
        points.share_pct,
        100 / (1 + exp(-(fits.mean_log_odds + fits.slope * (points.years - fits.mean_years)))) as model_pct,
        known.last_pct,
        greatest(0, least(100, known.last_pct + (known.last_pct - known.before_pct)
            / (known.last_years - known.before_years) * (points.years - known.last_years))) as trend_pct
    from fits
    inner join known on known.line = fits.line and known.fitted_to = fits.fitted_to and known.before_pct is not null
    inner join points on points.line = fits.line and points.period_start > fits.fitted_to
),

-- A sum of fractions depends on their order in the last digits, and the same input must give the same figures: decimals
-- add up to the same in any order, and take half the time of an order.
errors as (
    select
        line,
        fitted_to,
        point_count as fitted_count,
        count(*) as tested_count,
        max(period_start) as tested_to,
        sum(members::decimal(38, 12))::double as all_members,
        sum((members * abs(model_pct - share_pct))::decimal(38, 12))::double / all_members as model_error_pct,
        sum((members * abs(last_pct - share_pct))::decimal(38, 12))::double / all_members as last_value_error_pct,
        sum((members * abs(trend_pct - share_pct))::decimal(38, 12))::double / all_members as last_trend_error_pct
    from guessed
    group by line, fitted_to, point_count
)

select
    lines.source,
    lines.series,
    lines.population,
    lines.grain,
    lines.framework_a,
    lines.framework_b,
    errors.fitted_to,
    errors.fitted_count,
    errors.tested_count,
    errors.tested_to,
    errors.model_error_pct,
    errors.last_value_error_pct,
    errors.last_trend_error_pct,
    errors.model_error_pct < least(errors.last_value_error_pct, errors.last_trend_error_pct) as is_best
from errors
inner join intermediate.pair_lines as lines on lines.line = errors.line
