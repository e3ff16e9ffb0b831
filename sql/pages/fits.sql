-- The fitted line of every pair in the series that speaks for each source, in words: how fast, and what of a forecast.
-- @grain source, population, framework_a, framework_b
-- @column grain: length of the period; months where a chart draws quarters
-- @column sentence: what the line says of its source
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

-- Other populations and series with a line, and surveys too short for one whose first and last interval lie apart.
moved as (
    select source, framework_a, framework_b, gaining
    from marts.substitution
    where (source, series, population) not in (select (source, series, population) from speaking)
    union all
    select source, framework_a, framework_b,
        case
            when arg_min(high_pct, period_start) < arg_max(low_pct, period_start) then framework_a
            when arg_min(low_pct, period_start) > arg_max(high_pct, period_start) then framework_b
        end
    from marts.head_to_head
    inner join speaking using (source, series, population)
    where grain = 'edition' and is_pair_drawn
    group by source, population, framework_a, framework_b
),

others as (
    select framework_a, framework_b,
        array_to_string(list_sort(list(distinct format('{} gained in {}', frameworks.label, sources.label))), ' and ') as others
    from moved
    inner join marts.source_status as sources using (source)
    inner join marts.frameworks as frameworks on frameworks.framework = moved.gaining
    group by framework_a, framework_b
),

counted as (
    select
        *, count(*) filter (where gaining = framework_a) over pair as a_count,
        count(*) filter (where gaining = framework_b) over pair as b_count,
        count(*) over pair as line_count
    from chosen
    window pair as (partition by framework_a, framework_b)
)

select
    found.source, sources.label as source_label, found.series, found.population, found.grain, found.framework_a,
    found.framework_b, found.gaining, coalesce(gaining.label, 'not told apart') as gaining_words,
    printf('%.2f', found.rate_per_year) as rate_words,
    printf('%.2f', found.rate_low) as rate_low_words,
    printf('%.2f', found.rate_high) as rate_high_words,
    printf('%.1f', found.years_10_to_90) || printf(' (%.1f to %.1f)', found.years_low, found.years_high) as years_words,
    format('{} to {}', period_label(found.grain, found.first_period), period_label(found.grain, found.last_period))
        as fitted_words,
    found.rate_reason, printf('%.1f', forecasts.model_error_pct) as error_words,
    printf('%.1f', forecasts.last_value_error_pct) as last_value_words,
    printf('%.1f', forecasts.last_trend_error_pct) as last_trend_words,
    if(forecasts.is_forecast_shown, format('{} {} in {}', a.label, percent_words(forecasts.forecast_pct),
        strftime(forecasts.forecast_date, '%b %Y')), 'not shown') as forecast_words,
    forecasts.reason, substitution_sentence(found, a.label, b.label) as sentence,
    if(is_forecast_shown, format('Forecast for {}: {} {}, usual error {:.1f} points.',
        strftime(forecast_date, '%b %Y'), a.label, percent_words(forecast_pct), usual_error_pct),
        format('No forecast: the series {}.', reason)) as forecast_sentence,
    substitution_title(a.label, b.label, found.a_count, found.b_count, found.line_count, others.others) as title
from counted as found
inner join marts.forecasts as forecasts using (source, series, population, grain, framework_a, framework_b)
inner join marts.source_status as sources using (source)
inner join marts.frameworks as a on a.framework = found.framework_a
inner join marts.frameworks as b on b.framework = found.framework_b
left join others using (framework_a, framework_b)
left join marts.frameworks as gaining on gaining.framework = found.gaining
order by sources.headline_order, found.population
