-- How the newest figure of each framework at every source moved against the one of about a year before, in words.
-- @grain framework, source
-- @column words: both figures, their dates and the change with its interval
with
cuts as (select *, strftime(event_date, '%b %Y') as label from marts.events where is_break),

named as (
    select
        changes.*, sources.headline_order,
        the_label(period_label(grain, period_start)) as now_label,
        the_label(period_label(grain, before_start)) as before_label,
        if(unit = 'percent', '%', '') as sign_words,
        case change_unit when 'points' then ' points' when 'percent' then '%' else ' ' || unit_words(unit, change) end as ending,
        if(month_count between 11 and 13, '', format(' in {} months', month_count)) as span_words,
        -- Why the span is another, where a break made it so.
        if(span_words = '', '', coalesce(format('; since {}: {}', cut.label, cut.event), '')) as cut_words,
        if(gain is null,
            format(', between {}{} and {}{}', signed_words(change_low), if(change_unit = 'percent', '%', ''),
                signed_words(change_high), if(change_unit in ('points', 'percent'), ending, '')),
            format(', between {} and {}', more_words(change_low), more_words(change_high))) as interval_words
    from marts.framework_changes as changes
    inner join marts.source_status as sources using (source)
    left join cuts as cut
        on cut.source = changes.source and coalesce(cut.series = changes.series, true)
        and coalesce(cut.population = changes.population, true)
        and cut.event_date between changes.period_start - interval 2 year and changes.period_start
    qualify 1 = row_number() over (partition by changes.framework, changes.source order by cut.event_date desc, cut.event)
)

select
    framework, source, is_recent, direction,
    case
        when change is null then 'not told'
        when direction is null then 'no error known'
        when direction = 0 then 'open'
        else if(direction = 1, 'up', 'down')
    end as moved_words,
    -- What a stock gained is never told as what it stands at.
    if(before_gain is null, format('{}{}{} to {}', signed_words(change), ending, span_words, now_label),
        format('gained {} {} in the {} months to {} than in those before', more_words(change), unit_words(unit), month_count,
            now_label)) || cut_words as change_words,
    case
        when before_start is null then 'No figure of half a year or more before compares.'
        when gain is not null and before_gain is null
            then format('Gained {} {} in the {} months to {}; what it gained in those before does not compare.',
                number_words(gain), unit_words(unit), month_count, now_label)
        when gain is not null
            then format('Gained {} {} in the {} months to {}, {} in those before: {}{}.', number_words(gain), unit_words(unit),
                month_count, now_label, number_words(before_gain), more_words(change), interval_words || cut_words)
        else format('From {} in {} to {} in {}{}.',
            coalesce(exact_words(before_share_pct, least(1, abs(change))), number_words(before_value) || sign_words), before_label,
            coalesce(exact_words(share_pct, least(1, abs(change))), number_words(value) || sign_words), now_label,
            coalesce(format(': {}{}{}{}', signed_words(change), ending, span_words, interval_words || cut_words), ''))
    end as words
from named
order by framework, headline_order
