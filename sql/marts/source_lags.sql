-- Which of two monthly sources passed 30, 50 or 70 percent of a pair earlier, where both did provably.
-- @grain framework_a, framework_b, framework, level_pct, source, population, other_source, other_population
-- @columns framework_a, framework_b
-- @column framework: the one of both that passed the level
-- @columns level_pct
-- @column source: first source
-- @columns population, other_source, other_population, months_low, months_high
-- @column is_found: the interval leaves out 0, so that the order of the two is proven
-- @columns finding
-- @fail months_low <= months_high
with
lags as (
    select
        *,
        months_low > 0 or months_high < 0 as is_found,
        greatest(months_low, -months_high) as least_months,
        greatest(months_high, -months_low) as most_months
    from staging.analysis__source_lags
),

labels as (select source, label from staging.reference__sources)

select
    mine.framework_a, mine.framework_b, passing.framework, lags.level_pct, mine.source, mine.population,
    theirs.source as other_source, theirs.population as other_population, lags.months_low, lags.months_high,
    lags.is_found,
    case
        when not lags.is_found
            then format('{} passed {} percent against {} in {} and in {} at dates that cannot be told apart.',
                passing.label, lags.level_pct, other.label, my_label.label, their_label.label)
        else format('In {}, {} passed {} percent against {} {} to {} months later than in {}.',
            if(lags.months_low > 0, their_label.label, my_label.label), passing.label, lags.level_pct, other.label,
            lags.least_months, lags.most_months, if(lags.months_low > 0, my_label.label, their_label.label))
    end as finding
from lags
inner join intermediate.source_lines as mine using (line)
inner join intermediate.source_lines as theirs on theirs.line = lags.other_line
inner join labels as my_label on my_label.source = mine.source
inner join labels as their_label on their_label.source = theirs.source
inner join staging.reference__frameworks as passing on passing.framework = if(lags.is_a, mine.framework_a, mine.framework_b)
inner join staging.reference__frameworks as other on other.framework = if(lags.is_a, mine.framework_b, mine.framework_a)
