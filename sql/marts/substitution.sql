-- Fisher-Pry model of technology substitution: how fast one framework of a pair replaces the other, by every source.
-- @grain source, series, population, grain, framework_a, framework_b
-- @columns source, series, population, grain, framework_a, framework_b, gaining, rate_per_year, rate_low, rate_high
-- @columns midpoint_date, midpoint_low, midpoint_high, years_10_to_90, years_low, years_high
-- @column r_squared: part of the weighted variance of the log odds that the line explains
-- @columns rmse_pct
-- @column point_count: periods fitted
-- @column first_period: first of them
-- @column last_period: last of them
-- @fail rate_low <= rate_per_year and rate_high >= rate_per_year
-- @fail midpoint_low is null or midpoint_date between midpoint_low and midpoint_high
with

fits as (
    select
        fits.* exclude (fitted_to, is_full),
        errors.rmse_pct,
        student_975(greatest(1, fits.point_count / errors.inflation - 2)) as factor,
        fits.slope_variance * errors.inflation as slope_variance_wide,
        fits.mean_variance * errors.inflation as mean_variance_wide
    from intermediate.substitution_fits as fits
    inner join intermediate.substitution_errors as errors on errors.line = fits.line
    where fits.is_full
),

rated as (
    select
        *,
        slope - factor * sqrt(slope_variance_wide) as rate_low,
        slope + factor * sqrt(slope_variance_wide) as rate_high,
        rate_low > 0 or rate_high < 0 as is_takeover,
        -mean_log_odds / slope as offset_years,
        pow(factor, 2) * slope_variance_wide / pow(slope, 2) as g,
        factor / abs(slope) * sqrt(
            greatest(0, (1 - g) * mean_variance_wide + pow(offset_years, 2) * slope_variance_wide)
        ) as half_years
    from fits
    where slope <> 0
),

dated as (
    select
        *,
        is_takeover and abs(mean_years + offset_years) < 40 as is_dated,
        years_after_2018(mean_years + offset_years) as midpoint_date,
        years_after_2018(mean_years + (offset_years - half_years) / (1 - g)) as midpoint_low,
        years_after_2018(mean_years + (offset_years + half_years) / (1 - g)) as midpoint_high
    from rated
)

select
    lines.source,
    lines.series,
    lines.population,
    lines.grain,
    lines.framework_a,
    lines.framework_b,
    case when dated.rate_low > 0 then lines.framework_a when dated.rate_high < 0 then lines.framework_b end as gaining,
    dated.slope as rate_per_year,
    dated.rate_low,
    dated.rate_high,
    if(is_dated, dated.midpoint_date, null) as midpoint_date,
    if(is_dated, dated.midpoint_low, null) as midpoint_low,
    if(is_dated, dated.midpoint_high, null) as midpoint_high,
    if(is_takeover, ln(81) / abs(slope), null) as years_10_to_90,
    if(is_takeover, ln(81) / greatest(abs(rate_low), abs(rate_high)), null) as years_low,
    if(is_takeover, ln(81) / least(abs(rate_low), abs(rate_high)), null) as years_high,
    dated.r_squared,
    dated.rmse_pct,
    dated.point_count,
    dated.first_period,
    dated.last_period
from dated
inner join intermediate.pair_lines as lines on lines.line = dated.line
