-- What the rate of a line says, or that it moved at none, or why nothing is said; each with the reason that holds.
create or replace macro main.substitution_sentence(line, label_a, label_b) as
    case
        when line.gaining is null and line.rate_per_year is not null
            then 'Neither is shown to gain: the interval of the rate holds 0.'
        when line.gaining is null and starts_with(line.rate_reason, 'under')
            then 'No rate: the smaller framework has under 10 members in all.'
        when line.gaining is null
            then 'Neither is shown to gain: no straight line does, and the share ends where it began, within its error.'
        else format('{} gained on {}, fitted from {} in {} to {} of both in {}',
            if(line.gaining = line.framework_a, label_a, label_b), if(line.gaining = line.framework_a, label_b, label_a),
            percent_words(if(line.gaining = line.framework_a, line.first_pct, 100 - line.first_pct)),
            the_label(period_label(line.grain, line.first_period)),
            percent_words(if(line.gaining = line.framework_a, line.last_pct, 100 - line.last_pct)),
            the_label(period_label(line.grain, line.last_period)))
            || case
                when line.is_rate_shown then format(': at this rate 10 to 90 percent takes {:.1f} years ({:.1f} to {:.1f}).',
                    line.years_10_to_90, line.years_low, line.years_high)
                when line.rate_per_year is not null then ', at a rate that the figures leave open.'
                when starts_with(line.rate_reason, 'under') then '; with under 10 members of one, there is no rate.'
                else ', at no constant rate.'
            end
    end;

-- What all lines of a pair say together; `others` is what readings without a fitted line of their own say where none does.
create or replace macro main.substitution_title(label_a, label_b, a_count, b_count, line_count, others) as
    case
        when a_count + b_count = 0 then format('{} {} or {} to gain on the other', if(line_count = 1,
            'The one fitted series does not show', format('None of the {} fitted series shows', line_count)), label_a, label_b)
            || coalesce('; by other readings ' || others, '')
        when line_count = 1 then format('{} gained on {} in the one series that is long enough to fit',
            if(a_count > 0, label_a, label_b), if(a_count > 0, label_b, label_a))
        when least(a_count, b_count) = 0
            then format('{} gained on {} in {} of {} fitted series', if(a_count > 0, label_a, label_b),
                if(a_count > 0, label_b, label_a), greatest(a_count, b_count), line_count)
        else format('Of {} fitted series, {} gained in {} and {} in {}', line_count, label_a, a_count, label_b, b_count)
    end;
