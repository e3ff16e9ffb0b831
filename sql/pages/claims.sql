-- Every decided claim in words, with where its evidence is drawn.
-- @grain claim_id
-- @column claim_id: id
-- @column article: file name of the article, or key of marts.publications
-- @column statement: what it says, in our words
-- @column source: whose figures decide it
-- @column source_label: name for people
-- @column series: what is counted; see marts.series
-- @column population: whom or what the deciding figures speak of
-- @column verdict: confirmed, consistent, not refuted, inconsistent or not testable
-- @column verdict_count: claims with this verdict
-- @column verdict_order: position of the verdict, from the best
-- @column published_words: what the article states
-- @column measured_words: what the figures give; null without data
-- @column reason: why this verdict
-- @column reading: what would refute it
-- @column evidence: direct, or indirect for a proxy
-- @column figures: the numbers behind the measured value
-- @column origin: where the deciding figures come from: live, cached, imported, reference or several
-- @column quality: kinds of quality of the deciding figures, joined by |
-- @column published: the number stated, where a chart can show it beside the measured one; null elsewhere
-- @column measured: what the figures give, in percent
-- @column low: lower end of its 95 percent Wilson interval
-- @column high: upper end of that interval
with

worded as (
    select
        *,
        case unit
            when 'percent' then ' percent'
            when 'percentage_points' then ' percentage points'
            when 'per_day' then ' downloads a day'
            when 'ratio' then ' times'
            when 'index_0_100' then ' points of the search index'
            when 'year' then ''
            when 'date' then ''
            when 'rank' then ''
            else ' ' || unit
        end as unit_ending,
        case unit
            when 'date' then strftime(try_cast(published_value as date), '%-d %b %Y')
            when 'rank' then 'rank ' || published_value
            else published_value || unit_ending
        end as stated,
        unit = 'percent' and comparator = 'eq' and measured_value is not null as is_reading
    from marts.claims
)

select
    claims.claim_id,
    claims.article,
    claims.statement,
    claims.source,
    coalesce(sources.label, claims.source) as source_label,
    claims.series,
    claims.population,
    claims.verdict,
    count(*) over (partition by claims.verdict) as verdict_count,
    list_position(['confirmed', 'consistent', 'not refuted', 'inconsistent', 'not testable'], claims.verdict) as verdict_order,
    case
        when comparator in ('gt', 'lt') and (unit = 'ratio' or published_value = '0')
            then format('{}{} {}', if(unit = 'ratio', 'a ratio ', ''), if(comparator = 'gt', 'above', 'below'),
                published_value)
        when comparator = 'gt' then 'more than ' || stated
        when comparator = 'lt' then 'less than ' || stated
        when comparator = 'up' then 'a rise'
        when comparator = 'down' then 'a fall'
        when comparator in ('before', 'after') then comparator || ' ' || stated
        else stated
    end as published_words,
    case
        when measured_date is not null then strftime(measured_date, '%b %Y')
        when unit = 'rank' then format('rank {:.0f}', measured_value)
        when unit = 'year' then format('{:.0f}', measured_value)
        else number_words(measured_value) || unit_ending || coalesce(
            format(', between {} and {}', number_words(measured_low), number_words(measured_high)), '')
    end as measured_words,
    claims.reason,
    claims.reading,
    claims.evidence,
    claims.figures,
    claims.origin,
    claims.quality,
    if(is_reading, try_cast(claims.published_value as double), null) as published,
    if(is_reading, claims.measured_value, null) as measured,
    if(is_reading, claims.measured_low, null) as low,
    if(is_reading, claims.measured_high, null) as high
from worded as claims
left join marts.source_status as sources on sources.source = claims.source
order by claims.claim_order
