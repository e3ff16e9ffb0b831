-- The share whose odds have this natural logarithm, 0 to 100.
create or replace macro main.share_of_log_odds(log_odds) as 100 / (1 + exp(-log_odds));

-- What a Fisher-Pry line says; a half beyond the figures is no finding.
create or replace macro main.substitution_sentence(line, label_a, label_b) as
    if(line.gaining is null,
        'Neither is shown to gain: with neighbouring periods as alike as they are, the interval of the rate holds 0.',
        format('{} gained on {}: at this rate 10 to 90 percent takes {:.1f} years. ',
            if(line.gaining = line.framework_a, label_a, label_b),
            if(line.gaining = line.framework_a, label_b, label_a), line.years_10_to_90)
        || if(coalesce(line.midpoint_date between line.first_period and line.last_period, false),
            strftime(line.midpoint_date, 'The line crossed a half in %b %Y.'),
            'The line did not cross a half within the figures.'));

-- What all lines of a pair say together.
create or replace macro main.substitution_title(label_a, label_b, a_count, b_count, line_count) as
    case
        when a_count + b_count = 0 then format('No series shows {} or {} to gain on the other', label_a, label_b)
        when line_count = 1 then format('{} gained on {} in the one series that is long enough to fit',
            if(a_count > 0, label_a, label_b), if(a_count > 0, label_b, label_a))
        when least(a_count, b_count) = 0
            then format('{} gained on {} in {} of {} fitted series', if(a_count > 0, label_a, label_b),
                if(a_count > 0, label_b, label_a), greatest(a_count, b_count), line_count)
        else format('Of {} fitted series, {} gained in {} and {} in {}', line_count, label_a, a_count, label_b, b_count)
    end;
