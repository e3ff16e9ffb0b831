-- Every statement of data/reference/claims.csv, decided by the figures of this release under rules fixed beforehand.
-- @grain claim_id
-- @columns claim_id, article, statement
-- @column source: whose figures decide it
-- @columns series
-- @column population: whom or what the deciding figures speak of; several are joined by +
-- @columns periods, measure, comparator, published_value
-- @column measured_value: what the figures give; null for dates and without data
-- @column measured_date: what the figures give where the value is a date
-- @columns measured_low, measured_high, difference, unit, verdict, reason
-- @column origin: where the deciding figures come from: live, cached, imported, reference or several
-- @column quality: kinds of quality of the deciding figures
-- @columns evidence, figures, reading, claim_order
-- @fail verdict in ('confirmed', 'consistent', 'not refuted', 'inconsistent', 'not testable')
-- @fail reason is not null
-- @fail verdict <> 'confirmed' or (evidence = 'direct' and quality in ('full', 'digitised', 'published'))
with
names as (
    select
        claim_id,
        string_agg(population, ' + ' order by population_rank, population) as population
    from intermediate.claim_populations
    where is_enough
    group by claim_id
),

-- The periods by name; where a date is looked for, it is the figure itself.
dated as (
    select claim_id, string_agg(label, ' and ' order by slot_start) as periods
    from (
        select
            claim_id, slot_start, claims.window_words in ('year', 'quarter') as is_wide,
            period_label(if(is_wide, claims.window_words, claims.grain), slot_start) as label
        from intermediate.claim_windows
        inner join staging.reference__claims as claims using (claim_id)
        where claims.measure <> 'first_lead'
    )
    group by claim_id
),

rows_used as (
    select
        populations.claim_id, list_distinct(flatten(list(figures.qualities))) as qualities,
        list_distinct(flatten(list(figures.origins))) as origins
    from intermediate.claim_populations as populations
    inner join intermediate.claim_figures as figures
        on figures.claim_id = populations.claim_id
        and figures.population = populations.population
        and figures.is_complete
    where populations.is_enough
    group by populations.claim_id
),

measured as (
    select
        claims.*, measures.* exclude (claim_id), names.population as population_used, dated.periods,
        array_to_string(list_sort(rows_used.qualities), '|') as quality,
        array_to_string(list_sort(rows_used.origins), '|') as origin,
        try_cast(claims.published_value as double) as published_number,
        try_cast(claims.published_value as date) as published_date,
        coalesce(measures.reading_low, wilson_low_pct(measures.part, measures.total, effect := design_effect))
            as measured_low,
        coalesce(measures.reading_high, wilson_high_pct(measures.part, measures.total, effect := design_effect))
            as measured_high
    from staging.reference__claims as claims
    inner join intermediate.claim_measures as measures using (claim_id)
    left join names using (claim_id)
    left join dated using (claim_id)
    left join rows_used using (claim_id)
),

-- A complete count is what it is; what is read off a picture or counted in a sample may be anything within its range.
ranged as (
    select
        *, reading_error is not null or is_sample as is_ranged,
        if(is_ranged, coalesce(measured_low, measured_value), measured_value) as low,
        if(is_ranged, coalesce(measured_high, measured_value), measured_value) as high,
        -- The 1e-9 lets a value that lies off by just the tolerance pass whatever rest a division left.
        coalesce(case comparator
            when 'eq' then low >= published_number - tolerance - 1e-9 and high <= published_number + tolerance + 1e-9
            when 'gt' then low > published_number - tolerance
            when 'lt' then high < published_number + tolerance
            when 'up' then low > -tolerance
            when 'down' then high < tolerance
            when 'before' then date_high < published_date + to_months(tolerance::integer)
            when 'after' then date_high is not null and date_low > published_date - to_months(tolerance::integer)
        end, false) as is_met,
        coalesce(case comparator
            when 'eq' then low > published_number + tolerance + 1e-9 or high < published_number - tolerance - 1e-9
            when 'gt' then high <= published_number - tolerance
            when 'lt' then low >= published_number + tolerance
            when 'up' then high <= -tolerance
            when 'down' then low >= tolerance
            when 'before' then date_low is null or date_low >= published_date + to_months(tolerance::integer)
            when 'after' then date_low is null
                or coalesce(date_high <= published_date - to_months(tolerance::integer), false)
        end, true) as is_missed,
        evidence = 'direct' and (quality = 'full' or reading_error is not null and not is_sample) as is_decisive
    from measured
)

select
    claim_id, article, statement, source, series,
    if(problem is null, population_used, population) as population,
    if(problem is null, periods, null) as periods,
    measure, comparator, published_value, measured_value, measured_date, measured_low, measured_high,
    coalesce(measured_value - published_number, datediff('month', published_date, measured_date)) as difference,
    unit,
    case
        when problem is not null then 'not testable'
        when is_missed then 'inconsistent'
        when not is_met then 'not refuted'
        when is_decisive then 'confirmed'
        else 'consistent'
    end as verdict,
    case
        when problem is not null then problem
        when is_missed then 'the figures say otherwise'
            || case when is_sample then ', at both ends of their 95 percent interval'
                when is_ranged then ', by more than they may be misread' else '' end
            || if(evidence = 'indirect', ', but measure it only by a stand-in', '')
        when not is_met and is_sample then 'the sample is too small to decide: its 95 percent interval holds both'
        when not is_met then 'the figures lie closer to the limit than they may be misread'
        when measure = 'event_year' then 'the date on record is of that year'
        when evidence = 'indirect' then 'the figures fit it, but measure it only by a stand-in'
        else format('the figures say the same{}, directly{}',
            if(tolerance = 0, '', format(' within the {:g}{} allowed beforehand', tolerance,
                case unit when 'percent' then ' points' when 'date' then ' months' else '' end)),
            case when not is_decisive then ', but not by complete counts'
                when is_ranged then ' and by more than they may be misread' else ' and by complete counts' end)
    end as reason,
    if(problem is null, origin, null) as origin, if(problem is null, quality, null) as quality,
    evidence, figures, reading, claim_order
from ranged
order by claim_order
