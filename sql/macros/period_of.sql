-- First day of the period of some length that a day lies in; whatever has no calendar of its own is a year.
create or replace macro main.period_of(grain, day) as
    if(
        grain = 'half_year',
        date_trunc('year', day)::date + to_months(if(month(day) > 6, 6, 0)::integer),
        date_trunc(if(grain in ('week', 'month', 'quarter'), grain, 'year'), day)
    )::date;
