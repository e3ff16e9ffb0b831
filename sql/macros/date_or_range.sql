-- When something happened, in words: `words`, or the range where a month may be off by more than half a year. An edition
-- of a survey or conference is named as it is.
create or replace macro main.date_or_range(grain, low_date, high_date, words) as
    if(
        grain <> 'edition' and date_diff('month', low_date, high_date) > 6,
        strftime(low_date, 'between %B %Y and ') || strftime(high_date, '%B %Y'),
        words
    );
