-- How many weightings, in words: never all or none, since points stand for all, and readings err.
create or replace macro main.weightings_words(pct) as
    case
        when pct >= 99.5 then 'more than 99 of 100 weightings'
        when pct < 0.5 then 'fewer than 1 of 100 weightings'
        else printf('%.0f of 100 weightings', pct)
    end;

create or replace macro main.weighed_words(source_count) as
    format('{} source{}', source_count, if(source_count = 1, '', 's'));

-- The verdict of the weighed sources of one audience: of sources that have all ended in the past, and never of today.
create or replace macro main.audience_words(label, source_count, leads_pct, is_ended, source_labels) as
    format('{} {} ', label, if(is_ended, 'led', 'leads')) || if(source_count = 1,
        format('in the one source that is weighed, {}', source_labels),
        format('under {} of the newest figures of {}', weightings_words(leads_pct), weighed_words(source_count)));

-- What the second of two frameworks would need to lead. `pair` has its row of marts.pair_acceptability.
create or replace macro main.needed_words(pair, label_a, label_b, source_label) as
    case
        when pair.needed_pct is null and pair.ahead_weight_pct = 0
            then format('No source that is weighed for both has {} ahead, so that no weighting of these readings has it lead.',
                label_b)
        when pair.needed_pct is null then null
        when pair.needed_pct >= 99.5
            then format('{} would lead only where {} counted for nearly everything.', label_b, source_label)
        else format('Among the {} weighed for {} and {}, the latter would lead if {} counted for more than {:.0f} percent of the '
            'weight and the others shared the rest as before', weighed_words(pair.source_count), label_a, label_b, source_label,
            pair.needed_pct)
            -- One source alone and together with others that are ahead need the same where there are no others.
            || if(abs(pair.needed_pct - pair.together_needed_pct) < 1e-6, '.', format('; or if all sources that have it ahead '
                'counted for more than {:.0f} percent together, instead of the {:.0f} that they hold when every kind of evidence '
                'counts the same.', pair.together_needed_pct, pair.ahead_weight_pct))
    end;

-- A rank in words; more than ten are never told.
create or replace macro main.ordinal_words(rank) as
    coalesce(['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'][rank],
        rank || 'th');
