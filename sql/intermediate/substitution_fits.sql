-- Fisher-Pry lines (log odds linear in time) by weighted least squares: on all figures, and up to each year's end.
-- @grain line, fitted_to
-- @column line: number of the source, series, population, grain and pair
-- @column fitted_to: last day whose figures the fit may use
-- @column is_full: all figures were used
-- @column point_count: periods used
-- @column first_period: first period used
-- @column last_period: last period used
-- @column is_count: members are counted
-- @column mean_years: weighted mean of the time, in years since the start of 2018
-- @column mean_log_odds: weighted mean of the log odds
-- @column slope: change of the log odds per year
-- @column slope_variance: squared standard error of the slope, before dependence between neighbours is allowed for
-- @column mean_variance: the same of the mean
-- @column r_squared: part of the weighted variance that the line explains
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
