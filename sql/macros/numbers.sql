-- Figures within a sentence. These are the only roundings, so that one figure has the same words wherever it is told.
-- Millions with one decimal, whole numbers and all from 100 on whole, the rest with one decimal.
create or replace macro main.number_words(number) as
    case
        when abs(number) >= 1e6 then printf('%.1f million', number / 1e6)
        when abs(number) >= 100 or abs(number - round(number)) < 1e-9 then format('{:,}', round(number)::bigint)
        else printf('%.1f', number)
    end;

-- A share is whole, but for one decimal where a whole number would hide on which side of nothing, a half or all it lies.
create or replace macro main.percent_words(pct) as
    if(pct not in (0, 50, 100) and least(abs(pct), abs(pct - 50), abs(pct - 100)) < 1,
        printf('%.1f%%', greatest(0.1, least(99.9, pct))),
        printf('%.0f%%', pct));

-- The ends of an interval; where they would read the same they have as many decimals as they need to differ.
create or replace macro main.between_words(low, high) as
    if(percent_words(low) <> percent_words(high), format('between {} and {}', percent_words(low), percent_words(high)),
        format('between {}% and {}%', round(low, greatest(1, ceil(-log10(high - low + 1e-6))::int)),
            round(high, greatest(1, ceil(-log10(high - low + 1e-6))::int))));
