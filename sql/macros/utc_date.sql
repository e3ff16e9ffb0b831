-- The day of a date or time that is written as text, in UTC where it names another zone; null for anything else.
create or replace macro main.utc_date(written) as
    case
        when regexp_matches(written, '\d(Z|[+-]\d\d:?\d\d)$') and length(written) > 12
            then (try_cast(written as timestamptz) at time zone 'UTC')::date
        else try_cast(written as timestamp)::date
    end;
