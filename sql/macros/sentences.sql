-- The unit of a figure within a sentence.
create or replace macro main.unit_words(unit, number := 2) as
    case unit
        when 'per_day' then 'downloads a day'
        when 'index_0_100' then 'points of the search index'
        when 'percent' then 'percent'
        when 'repositories' then if(number = 1, 'repository', unit)
        else if(number = 1, rtrim(unit, 's'), unit)
    end;

-- Who leads a pair, in one sentence without its end. `reading` has the row of the pair beside its labels and names.
-- A lead is a tendency: interval and trend must be sure. A complete count without both is told as the fact that it is.
create or replace macro main.pair_sentence(reading) as
    if(reading.grain = 'day', 'On ', 'In ') || reading.period_words || case
        when reading.leader is null
            then format(', {} and {} were equal in {}', reading.label_a, reading.label_b, reading.topic)
        when reading.is_order_open
            then format(', the order of {} and {} in {} was open', reading.label_a, reading.label_b, reading.topic)
        when reading.is_lead_proven
            then format(', {} led {} in {}', reading.leader_label, reading.other_label, reading.topic)
        else format(', {} had more than {} in {}', reading.leader_label, reading.other_label, reading.topic)
            || if(reading.is_complete_count, format(': {} {} to {}, {}',
                number_words(greatest(reading.a_value, reading.b_value)), unit_words(reading.unit),
                number_words(least(reading.a_value, reading.b_value)),
                if(reading.quality = 'full', 'a complete count', quality_words(reading.quality))), '')
            || case
                when reading.is_reading_within_chance and reading.unit = 'per_day'
                    then format('; single {}s scatter by as much', grain_noun(reading.grain))
                when reading.is_reading_within_chance then '; a difference of this size also arises by chance'
                when reading.is_within_chance then '; the trend proves no lead'
                else ''
            end
    end;

-- A place among all that are listed, which a count of 0 has not; two where the order with a neighbour is open.
create or replace macro main.place_words(place, listed_count, is_above_open := false, is_below_open := false) as
    coalesce(format('{} of {}', case when is_above_open and is_below_open then format('{} to {}', place - 1, place + 1)
        when is_above_open then format('{} or {}', place - 1, place)
        when is_below_open then format('{} or {}', place, place + 1)
        else place::varchar end, listed_count), 'none at 0');

-- How many, within a sentence.
create or replace macro main.or_none(found) as if(found = 0, 'none', found::varchar);

-- How far a figure may be off that was read off a picture, or is published in steps.
create or replace macro main.reading_words(quality, reading_error) as
    format('{} within {} point{}', if(quality = 'digitised', 'read off a picture', 'rounded'), number_words(reading_error),
        if(reading_error = 1, '', 's'));

-- How far the newest period of such pictures has moved since it was first read.
create or replace macro main.unsettled_words(grain, revision_error) as
    format('the newest {} moved by up to {} points when such pictures were read again', grain_noun(grain),
        number_words(revision_error));

-- The ends of the leader's share of a pair, by the one method that applies to it. Where each figure may be misread by the
-- error e, the share of both moves by e / (a + b), since the one too high is the other too low; so too where it moves later.
create or replace macro main.share_ends(reading) as
    case
        when reading.leader_low_pct is not null then [reading.leader_low_pct, reading.leader_high_pct]
        when reading.figure_error is not null and reading.leader_share_pct is not null and reading.pair_value > 0
            then [greatest(0, reading.leader_share_pct - 100 * reading.figure_error / reading.pair_value),
                least(100, reading.leader_share_pct + 100 * reading.figure_error / reading.pair_value)]
    end;

-- How sure that share is, of a row that has its ends.
create or replace macro main.interval_words(reading) as
    case
        when reading.leader_low_pct is not null then 'the error of counting alone puts that share '
        when reading.share_ends is not null
            then format('each figure is {}{}, which puts that share ', reading_words(reading.quality, reading.reading_error),
                coalesce('; ' || unsettled_words(reading.grain, reading.revision_error), ''))
        else quality_words(reading.quality)
    end || coalesce(between_words(reading.share_ends[1], reading.share_ends[2]), '')
    -- An interval without a half tells an order; where none is told, another error than its own is the reason.
    || if(reading.is_order_open and coalesce(reading.share_ends[1] > 50, true),
        format('; from {0} to {0} it scatters too much to tell the order', grain_noun(reading.grain)), '');

-- The figures behind it: both counts, the share and its interval, since when, and of whom.
create or replace macro main.pair_detail(reading) as
    concat_ws(' ',
        format('{} had {} {} and {} {}, {} of both together{}.', reading.leader_label,
            number_words(greatest(reading.a_value, reading.b_value)), unit_words(reading.unit), reading.other_label,
            number_words(least(reading.a_value, reading.b_value)), reading.leader_share_words,
            if(reading.leader is null, ' each', '')),
        overlap_words(reading.label_a, reading.label_b, reading.only_a_count, reading.both_count, reading.only_b_count),
        if(reading.unit = 'respondents' and reading.both_count is null and reading.low_pct is not null,
            'Only counts are published: who named both stands on either side.', null),
        if(reading.leader_low_pct is null and reading.reading_error is null, null,
            upper(reading.interval_words[1]) || reading.interval_words[2:] || '.'),
        lead_words(reading),
        flow_words(reading),
        format('Population: {}.', reading.population)
    );

-- A stock says who has more; who leads now, its flow of the last twelve months says.
create or replace macro main.flow_words(reading) as
    case
        when reading.a_gained + reading.b_gained > 0 and least(reading.a_gained, reading.b_gained) >= 0
            then format('In the twelve months before, {} gained {} and {} {}, {} of both together.',
                if(reading.a_gained >= reading.b_gained, reading.label_a, reading.label_b),
                number_words(greatest(reading.a_gained, reading.b_gained)),
                if(reading.a_gained >= reading.b_gained, reading.label_b, reading.label_a),
                number_words(least(reading.a_gained, reading.b_gained)),
                percent_words(100 * greatest(reading.a_gained, reading.b_gained) / (reading.a_gained + reading.b_gained)))
    end;

-- Since when the leader has had more without a break. A difference that arises by chance and a lead of one period say
-- nothing of the kind.
create or replace macro main.lead_words(reading) as
    if(reading.is_within_chance or reading.led_since = reading.period_start, null,
        format('{} {} in every {} with {} since {}{}.', reading.leader_label,
            if(reading.is_lead_proven, 'was ahead', 'had more'), grain_noun(reading.grain),
            if(reading.low_pct is null, 'figures', 'at least 30 of both'),
            period_words(reading.grain, reading.led_since),
            case
                when reading.is_from_start then ', where the series begins'
                when reading.lead_number = 1 then ', the first that can tell'
                when reading.behind_until is not null
                    then format(', the first after {}, when it had not', period_words(reading.grain, reading.behind_until))
                else ''
            end));
