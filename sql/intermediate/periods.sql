-- Every period that occurs, with its middle, the latest start of the one after it, and its names in a sentence.
-- @grain grain, period_start
-- @column grain: length of the period
-- @column period_start: first day
-- @column period_middle: day at which a chart draws it
-- @column next_start_limit: a period that starts after this day leaves a gap; editions come at uneven intervals
-- @column noun: what one such period is called
-- @column label: short name, as in "Apr to Jun 2024"
-- @column in_words: name within a sentence, as in "April to June 2024" or "the 2024 edition"
-- @fail next_start_limit > period_start
with

periods as (
    select distinct
        grain,
        period_start
    from intermediate.observations
),

lengths as (
    select
        *,
        case grain
            when 'day' then interval 1 day
            when 'week' then interval 7 day
            when 'month' then interval 1 month
            when 'quarter' then interval 3 month
            when 'half_year' then interval 6 month
            when 'edition' then interval 15 month
            else interval 1 year
        end as step,
        case grain
            when 'day' then interval 0 day
            when 'week' then interval 3 day
            when 'month' then interval 14 day
            when 'quarter' then interval 45 day
            when 'half_year' then interval 3 month
            when 'year' then interval 6 month
            else interval 0 day
        end as half,
        (period_start + if(grain = 'half_year', interval 5 month, interval 2 month))::date as last_month
    from periods
)

select
    grain,
    period_start,
    (period_start + half)::date as period_middle,
    (period_start + step)::date as next_start_limit,
    replace(grain, '_', '-') as noun,
    case grain
        when 'day' then strftime(period_start, '%-d %b %Y')
        when 'week' then strftime(period_start, 'week of %-d %b %Y')
        when 'month' then strftime(period_start, '%b %Y')
        when 'quarter' then strftime(period_start, '%b to ') || strftime(last_month, '%b %Y')
        when 'half_year' then strftime(period_start, '%b to ') || strftime(last_month, '%b %Y')
        when 'edition' then strftime(period_start, '%Y edition')
        else strftime(period_start, '%Y')
    end as label,
    case grain
        when 'day' then strftime(period_start, '%-d %B %Y')
        when 'week' then strftime(period_start, 'the week of %-d %B %Y')
        when 'month' then strftime(period_start, '%B %Y')
        when 'quarter' then strftime(period_start, '%B to ') || strftime(last_month, '%B %Y')
        when 'half_year' then strftime(period_start, '%B to ') || strftime(last_month, '%B %Y')
        when 'edition' then strftime(period_start, 'the %Y edition')
        else strftime(period_start, '%Y')
    end as in_words
from lengths
