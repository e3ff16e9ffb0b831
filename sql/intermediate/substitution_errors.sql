-- How each line over all figures errs: its error in points, and how alike neighbouring errors are.
-- @grain line
-- @columns line, rmse_pct, likeness, inflation
with

errors as (
    select
        fits.line,
        points.period_start,
        points.share_pct - 100 / (1 + exp(-fits.mean_log_odds - fits.slope * (points.years - fits.mean_years)))
            as error_pct,
        sqrt(points.weight) * (points.log_odds - fits.mean_log_odds - fits.slope * (points.years - fits.mean_years))
            as residual
    from intermediate.substitution_fits as fits
    inner join intermediate.log_odds as points on points.line = fits.line
    where fits.is_full
),

neighbours as (
    select
        *,
        lag(residual) over (partition by line order by period_start) as residual_before
    from errors
),

summed as (
    select
        line,
        sqrt(avg(pow(error_pct, 2) order by period_start)) as rmse_pct,
        greatest(0, least(0.95, sum(residual * residual_before order by period_start)
            / nullif(sum(residual * residual order by period_start), 0))) as likeness
    from neighbours
    group by line
)

select
    line,
    rmse_pct,
    likeness,
    (1 + likeness) / (1 - likeness) as inflation
from summed
