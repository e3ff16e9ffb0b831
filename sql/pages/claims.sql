-- Every decided claim in words, with where its evidence is drawn.
-- @grain claim_id
-- @column source: whose figures decide it
-- @column verdict_order: position of the verdict, from the best
-- @column origin: where the deciding figures come from: live, cached, imported, reference or several
-- @column quality: kinds of quality of the deciding figures, joined by |
-- @column published: the number stated, where a chart can show it beside the measured one; null elsewhere
with
stated as (
    select
        claims.*, a.label, b.label as label_b,
        case claims.unit
            when 'percentage_points' then ' percentage points'
            when 'per_day' then ' downloads a day'
            when 'index_0_100' then ' points of the search index'
            when 'index_points' then ' points of the search index'
            when 'ratio' then if(claims.measure = 'growth_ratio', ' times as great a factor', ' times as many')
            when 'year' then ''
            when 'rank' then ''
            else ' ' || claims.unit
        end as unit_ending,
        case claims.comparator when 'gt' then 'more than ' when 'ge' then 'at least ' when 'lt' then 'less than ' else '' end
            || claims.published_value as bound,
        claims.unit = 'percent' and claims.comparator = 'eq' and claims.measured_value is not null as is_reading
    from marts.claims as claims
    inner join staging.reference__claims as given using (claim_id)
    left join marts.frameworks as a on a.framework = given.framework
    left join marts.frameworks as b on b.framework = given.framework_b
),

worded as (
    select
        *,
        case
            when measure = 'first_lead' then format('{} passed {} {} {}', label, label_b, comparator,
                strftime(try_cast(published_value as date), '%-d %b %Y'))
            when measure = 'change' then format('{} {}{}', label, if(comparator = 'up', 'rises', 'falls'),
                coalesce(' beside ' || label_b, ''))
            when measure = 'growth_ratio' and published_value = '1'
                then format('{} grew {} than {}', label, if(comparator = 'gt', 'faster', 'more slowly'), label_b)
            when measure = 'growth_ratio' then format('{} grew by {} times as great a factor as {}', label, bound, label_b)
            when (measure, published_value) in (('difference', '0'), ('ratio', '1'))
                then format('{} has {} than {}', label, if(comparator = 'gt', 'more', 'less'), label_b)
            when measure = 'ratio' then format('{} has {} times as many as {}', label, bound, label_b)
            when measure = 'difference' then format('{} is {}{} ahead of {}', label, bound, unit_ending, label_b)
            when measure = 'rank' then format('{} has place {}', label, bound)
            when measure = 'event_year' then bound
            when measure = 'agreement' then bound || unit_ending
            when measure = 'sum_share' then format('{}{} for {} and {} together', bound, unit_ending, label, label_b)
            when measure = 'pair_share' then format('{} {}{} of {} and {}', label, bound, unit_ending, label, label_b)
            when measure = 'min_over_populations' then format('{} {}{} {}everywhere', label, bound, unit_ending,
                coalesce(format('of {} and {} ', label, label_b), ''))
            else format('{}{} for {}', bound, unit_ending, label)
        end as published_words,
        case
            when measured_date is not null then strftime(measured_date, '%b %Y')
            when measure = 'rank' then format('place {:.0f}', measured_value)
            when measure = 'event_year' then format('{:.0f}', measured_value)
            when measure = 'change' then format('{} of {}{}', if(measured_value < 0, 'a fall', 'a rise'),
                number_words(abs(measured_value)), unit_ending)
            when measure = 'difference' then format('{}{} {}', number_words(abs(measured_value)), unit_ending,
                if(measured_value < 0, 'less', 'more'))
            else number_words(measured_value) || unit_ending || coalesce(
                format(', between {} and {}', number_words(measured_low), number_words(measured_high)), '')
        end as measured_words
    from stated
)

select
    claims.claim_id, claims.article, claims.statement, claims.source,
    coalesce(sources.label, if(claims.source = 'events', 'Dates of events', claims.source)) as source_label,
    claims.series, claims.population, claims.verdict,
    case claims.verdict
        when 'confirmed' then 'The figures say the same, directly and within the tolerance fixed beforehand.'
        when 'consistent' then 'The figures fit it, but do not prove it: they are a stand-in, a date, a sample or not complete.'
        when 'not refuted' then 'The figures leave it open: their range holds both, or a recount says otherwise.'
        when 'inconsistent' then 'The figures say otherwise, directly or as a stand-in.'
        else 'No figures here can decide it.'
    end as verdict_words,
    count(*) over (partition by claims.verdict) as verdict_count,
    list_position(['confirmed', 'consistent', 'not refuted', 'inconsistent', 'not testable'], claims.verdict) as verdict_order,
    claims.published_words, claims.measured_words,
    format('{}{}: {}', number_words(recounted_value), unit_ending, recounted_figures) as recounted_words,
    claims.periods, claims.reason, claims.reading, claims.evidence, claims.figures, claims.origin, claims.quality,
    if(is_reading, try_cast(claims.published_value as double), null) as published,
    if(is_reading, claims.measured_value, null) as measured,
    if(is_reading, claims.measured_low, null) as low, if(is_reading, claims.measured_high, null) as high
from worded as claims
left join marts.source_status as sources using (source)
order by claims.claim_order
