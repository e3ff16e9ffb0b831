-- Lengths of a period: all that there are, in one place. Of an unknown one everything is null, and the rules of the
-- models that read grains stop the build.
create or replace macro main.grain_step(grain) as
    case grain
        when 'day' then interval 1 day
        when 'week' then interval 7 day
        when 'month' then interval 1 month
        when 'quarter' then interval 3 month
        when 'half_year' then interval 6 month
        when 'year' then interval 1 year
        -- Editions and windows have no calendar; the next one may be a little late.
        when 'edition' then interval 15 month
        when 'window' then interval 1 year
    end;

-- A figure that starts later than this day leaves a gap after the one of the period.
create or replace macro main.next_start(grain, period_start) as (period_start + grain_step(grain))::date;

-- Day at which a chart draws the period.
create or replace macro main.period_middle(grain, period_start) as
    (period_start + case grain
        when 'week' then interval 3 day
        when 'month' then interval 14 day
        when 'quarter' then interval 45 day
        when 'half_year' then interval 3 month
        when 'year' then interval 6 month
        else interval 0 day
    end)::date;

-- What a period is called within a sentence.
create or replace macro main.grain_noun(grain) as replace(grain, '_', '-');

-- Periods of a whole year.
create or replace macro main.periods_per_year(grain) as
    case grain
        when 'day' then 365 when 'week' then 52 when 'month' then 12 when 'quarter' then 4 when 'half_year' then 2 else 1
    end;

-- Which of several serves the eye best, 1 first.
create or replace macro main.grain_order(grain) as
    list_position(['quarter', 'month', 'half_year', 'edition', 'year', 'week', 'day', 'window'], grain);

-- First day of the period of some length that a day lies in; for what has no calendar of its own, of the year.
create or replace macro main.period_of(grain, day) as
    case
        when grain = 'half_year' then make_date(year(day), 6 * (quarter(day) // 3) + 1, 1)
        when grain_step(grain) is not null
            then date_trunc(if(grain in ('day', 'week', 'month', 'quarter'), grain, 'year'), day)::date
    end;

-- A period is whole when the day of reading lies after its end; what has no calendar, and a reading of one day, is.
create or replace macro main.is_whole(grain, period_start, read_date) as
    grain in ('day', 'edition', 'window') or next_start(grain, period_start) <= read_date;

-- The name of a period beside a figure, and within a sentence.
create or replace macro main.period_label(grain, period_start) as
    case
        when grain = 'day' then strftime(period_start, '%-d %b %Y')
        when grain = 'week' then strftime(period_start, 'week of %-d %b %Y')
        when grain = 'month' then strftime(period_start, '%b %Y')
        when grain in ('quarter', 'half_year') then strftime(period_start, '%b to ')
            || strftime(period_start + grain_step(grain) - interval 1 month, '%b %Y')
        when grain = 'edition' then strftime(period_start, '%Y edition')
        else strftime(period_start, '%Y')
    end;

-- The same name where words go before it.
create or replace macro main.the_label(label) as if(ends_with(label, ' edition'), 'the ' || label, label);

create or replace macro main.period_words(grain, period_start) as
    case
        when grain = 'day' then strftime(period_start, '%-d %B %Y')
        when grain = 'week' then strftime(period_start, 'the week of %-d %B %Y')
        when grain = 'month' then strftime(period_start, '%B %Y')
        when grain in ('quarter', 'half_year') then strftime(period_start, '%B to ')
            || strftime(period_start + grain_step(grain) - interval 1 month, '%B %Y')
        when grain = 'edition' then strftime(period_start, 'the %Y edition')
        else strftime(period_start, '%Y')
    end;

-- A stretch to the last figures that there are: what lies after it is not known.
create or replace macro main.span_words(grain, first_start, last_start) as
    format('from {} to {}, where the figures end', period_words(grain, first_start), period_words(grain, last_start));
