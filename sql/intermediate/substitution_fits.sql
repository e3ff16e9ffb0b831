-- Fisher-Pry lines (log odds linear in time) by weighted least squares: on all figures, and up to each year's end.
-- @grain line, fitted_to
-- @columns line, fitted_to, is_full, point_count
-- @column first_period: first period used
-- @column last_period: last period used
-- @columns is_count, mean_years, mean_log_odds, slope, slope_variance, mean_variance, r_squared
with

points as (
    select * from intermediate.log_odds
),

spans as (
    select
        line,
        grain,
        min(period_start) as first_period,
        max(period_start) as last_period
    from points
    group by line, grain
),

-- A year's end serves as a cut where figures of two years lie before it and some after it.
cuts as (
    select
        line,
        grain,
        last_period as fitted_to,
        true as is_full
    from spans
    union all
    select
        line,
        grain,
        make_date(cut_year, 12, 31) as fitted_to,
        false as is_full
    from (
        select *, unnest(generate_series(year(first_period) + 1, year(last_period) - 1))::integer as cut_year
        from spans
    )
    where make_date(cut_year, 12, 31) >= first_period + interval 23 month
),

-- Sums from the first period on serve every cut, and have one order: the last digits of a sum of fractions hang on it.
running as (
    select
        line,
        period_start,
        count(*) over before as point_count,
        min(period_start) over before as first_period,
        bool_and(is_count) over before as is_count,
        sum(weight) over before as weights,
        sum(weight * years) over before / weights as mean_years,
        sum(weight * log_odds) over before / weights as mean_log_odds,
        sum(weight * years * years) over before - weights * pow(mean_years, 2) as years_squares,
        sum(weight * log_odds * log_odds) over before - weights * pow(mean_log_odds, 2) as odds_squares,
        sum(weight * years * log_odds) over before - weights * mean_years * mean_log_odds as products
    from points
    window before as (partition by line order by period_start rows unbounded preceding)
),

means as (
    select
        cuts.*,
        running.* exclude (line, period_start),
        running.period_start as last_period
    from cuts
    asof join running on running.line = cuts.line and running.period_start <= cuts.fitted_to
    where running.point_count >= if(cuts.grain in ('edition', 'year'), 3 + cuts.is_full::integer, 12)
),

-- Where members are counted the weights tell the variance (1), and a poorer fit raises it; elsewhere the fit tells it.
fitted as (
    select
        *,
        products / years_squares as slope,
        greatest(0, odds_squares - pow(products, 2) / years_squares) / (point_count - 2) as spread
    from means
    where years_squares > 1e-9 and odds_squares > 1e-9
)

select
    line,
    fitted_to,
    is_full,
    point_count,
    first_period,
    last_period,
    is_count,
    mean_years,
    mean_log_odds,
    slope,
    if(is_count, greatest(1, spread), spread) / years_squares as slope_variance,
    if(is_count, greatest(1, spread), spread) / weights as mean_variance,
    greatest(0, 1 - spread * (point_count - 2) / odds_squares) as r_squared
from fitted
