-- When a leader changed, in words: `words`, and the interval of the date where a month or week may be off.
create or replace macro main.date_with_interval(grain, low_date, high_date, words) as
    words || coalesce(if(
        grain = 'edition' or low_date = high_date,
        '',
        strftime(low_date, ' (95 percent interval: %B %Y to ') || strftime(high_date, '%B %Y)')
    ), '');
