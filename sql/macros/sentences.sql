-- A figure within a sentence: millions with one decimal, everything else whole.
create or replace macro main.figure_words(number) as
    if(number >= 1e6, printf('%.1f million', number / 1e6), format('{:,}', round(number)::bigint));

create or replace macro main.value_words(number, unit) as
    if(unit = 'percent', printf('%.1f', number), figure_words(number));

-- The unit of a figure within a sentence.
create or replace macro main.unit_words(unit) as
    case unit
        when 'per_day' then 'downloads a day'
        when 'index_0_100' then 'points of the search index'
        when 'percent' then 'percent'
        else unit
    end;

-- Who leads a pair: for the headline of a source in its own words, otherwise after the name of the choice.
create or replace macro main.pair_sentence(latest, period, subject) as
    case
        when latest.leader is null then format('In {}, {} and {} were level in {}', period, latest.label_a,
            latest.label_b, sentence_topic(latest, subject))
        when latest.is_order_open then format('In {}, the order of {} and {} in {} was open', period, latest.label_a,
            latest.label_b, sentence_topic(latest, subject))
        else format('In {}, {} led {} in {}', period, latest.leader_label, latest.other_label,
            sentence_topic(latest, subject))
    end || if(latest.is_headline, '.', format(' ({}).', latest.choice_label));

create or replace macro main.sentence_topic(latest, subject) as
    subject || if(latest.source = 'conference_papers', ' at ' || latest.population, '');
