-- How many weightings, in words: never all or none, since points stand for all, and readings err.
create or replace macro main.weightings_words(pct) as
    case
        when pct >= 99.5 then 'more than 99 of 100 weightings'
        when pct < 0.5 then 'fewer than 1 of 100 weightings'
        else printf('%.0f of 100 weightings', pct)
    end;

create or replace macro main.weighed_words(source_count) as
    format('{} source{}', source_count, if(source_count = 1, '', 's'));

-- What the second of two frameworks would need to lead. `pair` has its row of marts.pair_acceptability.
create or replace macro main.needed_words(pair, label_b, source_label) as
    case
        when pair.needed_pct is null and pair.ahead_weight_pct = 0
            then format('No source that knows both has {} ahead, so that no weighting of these readings has it lead.',
                label_b)
        when pair.needed_pct is null then null
        when pair.needed_pct >= 99.5
            then format('For {} to lead, {} would need nearly all of the weight.', label_b, source_label)
        -- One source alone and together with others that are ahead need the same where there are no others.
        when abs(pair.needed_pct - pair.together_needed_pct) < 1e-6
            then format('For {} to lead, {} would need {:.0f} percent of the weight.', label_b, source_label,
                pair.needed_pct)
        else format('For {} to lead, {} alone would need {:.0f} percent of the weight; all sources in which it is ahead '
            'together {:.0f}.', label_b, source_label, pair.needed_pct, pair.together_needed_pct)
    end;

-- A rank in words; more than ten are never told.
create or replace macro main.ordinal_words(rank) as
    coalesce(['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'][rank],
        rank || 'th');
