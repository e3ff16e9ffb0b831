-- Which monthly source moves first for a pair, and by how many months the other follows.
-- @grain framework_a, framework_b, source, population, other_source, other_population
-- @columns framework_a, framework_b
-- @column source: first source
-- @columns population, other_source, other_population, lag_months, lag_low, lag_high, correlation
-- @columns correlation_unshifted, common_months, is_found, finding
-- @fail lag_months between -36 and 36
with

lags as (
    select
        *,
        greatest(abs(lag_months), abs(lag_low), abs(lag_high)) < 36 and correlation >= 0.5
            and lag_months between lag_low and lag_high and lag_high - lag_low <= 24 as is_found
    from staging.analysis__source_lags
),

labels as (
    select
        source,
        label
    from staging.reference__sources
)

select
    mine.framework_a,
    mine.framework_b,
    mine.source,
    mine.population,
    theirs.source as other_source,
    theirs.population as other_population,
    lags.lag_months,
    lags.lag_low,
    lags.lag_high,
    lags.correlation,
    lags.correlation_unshifted,
    lags.common_months,
    lags.is_found,
    case
        when not lags.is_found then format('No shift within three years brings {} and {} together reliably.',
            my_label.label, their_label.label)
        when 0 between lags.lag_low and lags.lag_high then format('{} and {} moved at the same time, within error.',
            my_label.label, their_label.label)
        when lags.lag_months > 0 then format('{} ran {} months behind {} ({} to {}).',
            their_label.label, lags.lag_months, my_label.label, lags.lag_low, lags.lag_high)
        else format('{} ran {} months behind {} ({} to {}).',
            my_label.label, -lags.lag_months, their_label.label, -lags.lag_high, -lags.lag_low)
    end as finding
from lags
inner join intermediate.source_lines as mine on mine.line = lags.line
inner join intermediate.source_lines as theirs on theirs.line = lags.other_line
inner join labels as my_label on my_label.source = mine.source
inner join labels as their_label on their_label.source = theirs.source
