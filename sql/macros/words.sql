-- A figure within a sentence: whole numbers with thousands marked, others with one decimal.
create or replace macro main.number_words(number) as
    if(abs(number - round(number)) < 1e-9, format('{:,}', round(number)::bigint), format('{:,.1f}', number::double));
