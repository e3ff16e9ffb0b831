-- Who passed whom and when: the plain date, claimed as a passing only where the one was surely behind before and the other
-- is surely behind after. A stock is counted whole, so that its date is sure. No lead is told beyond the last figures.
create or replace macro main.crossing_sentence(crossing, label_after, label_before, topic) as
    case
        when crossing.is_stock and crossing.behind_until is not null
            then format('{} passed {} in {} between {} and {}, without figures of both in between.', label_after, label_before,
                topic, period_words(crossing.grain, crossing.behind_until), period_words(crossing.grain, crossing.crossed_period))
        when crossing.is_stock then format('{} had more than {} in {} {}.', label_after, label_before, topic,
            span_words(crossing.grain, crossing.crossed_period, crossing.last_period))
        when crossing.is_proven then format('{} passed {} in {} {}{}.', label_after, label_before, topic,
            crossing_date(crossing), if(crossing.grain = 'edition', '', format(
                ' (95 percent interval: after {}, by {})', period_words(crossing.grain, crossing.crossed_low),
                period_words(crossing.grain, crossing.crossed_high))))
        when crossing.crossed_high is not null
            then format('{} led {} in {} {}, surely so by {}; that {} led before is not proven.', label_after,
                label_before, topic, span_words(crossing.grain, crossing.crossed_period, crossing.last_period),
                period_words(crossing.grain, crossing.crossed_high), label_before)
        else format('{} had more than {} in {} {}; chance may have made the difference.', label_after, label_before, topic,
            span_words(crossing.grain, crossing.crossed_period, crossing.last_period))
    end;

-- The day itself: an edition crosses somewhere between two of them.
create or replace macro main.crossing_date(crossing) as
    if(crossing.grain = 'edition',
        format('between the {} and the {} edition', year(crossing.before_period), year(crossing.crossed_period)),
        'in ' || period_words(crossing.grain, crossing.crossed_period));

-- What is sure of the date.
create or replace macro main.crossing_detail(crossing) as
    case
        when crossing.is_stock then 'All are counted.' || coalesce(format(' It passed after {} and by {}.',
            period_words(crossing.grain, crossing.behind_until), period_words(crossing.grain, crossing.crossed_period)), '')
        when crossing.is_proven then format('95 percent interval: after {}, and by {}.',
            period_words(crossing.grain, crossing.crossed_low), period_words(crossing.grain, crossing.crossed_high))
        when crossing.crossed_high is not null
            then format('95 percent interval: by {}; its beginning is open.', period_words(crossing.grain, crossing.crossed_high))
        when crossing.crossed_low is not null
            then format('95 percent interval: after {}; its end is open.', period_words(crossing.grain, crossing.crossed_low))
        else '95 percent interval: open at both ends.'
    end;
