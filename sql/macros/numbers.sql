-- Figures within a sentence. These are the only roundings, so that one figure has the same words wherever it is told.
-- Millions with one decimal, whole numbers and all from 100 on whole, the rest with one decimal.
create or replace macro main.number_words(number) as
    case
        when abs(number) >= 1e6 then printf('%.1f million', number / 1e6)
        when abs(number) >= 100 or abs(number - round(number)) < 1e-9 then format('{:,}', round(number)::bigint)
        else printf('%.1f', number)
    end;

create or replace macro main.signed_words(number) as 
    if(number < 0, '−', '+') || if(abs(number) between 0.001 and 0.1, printf('%.2f', abs(number)), number_words(abs(number)));

create or replace macro main.more_words(number) as number_words(abs(number)) || if(number < 0, ' fewer', ' more');

-- A share is whole, but for one decimal where a whole number would hide on which side of nothing, a half or all it lies.
create or replace macro main.percent_words(pct) as
    if(pct not in (0, 50, 100) and least(abs(pct), abs(pct - 50), abs(pct - 100)) < 1,
        printf('%.1f%%', greatest(0.1, least(99.9, pct))),
        printf('%.0f%%', pct));

-- A share beside what it differs by, its interval or its change: from less than two points on it has as many decimals as are
-- needed to see that, so that no share is told outside its own interval, and no change that its two ends have not.
create or replace macro main.exact_words(pct, difference) as
    if(coalesce(abs(difference) >= 2 or difference = 0, true) or pct in (0, 100), percent_words(pct),
        format('{:.' || greatest(1, ceil(-log10(abs(difference) + 1e-6))::int) || 'f}%', pct::double));

create or replace macro main.between_words(low, high) as
    format('between {} and {}', exact_words(low, high - low), exact_words(high, high - low));
