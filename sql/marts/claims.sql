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
-- @columns evidence, figures, recounted_value, recounted_figures, reading, claim_order
-- @fail verdict in ('confirmed', 'consistent', 'not refuted', 'inconsistent', 'not testable')
-- @fail reason is not null
-- @fail verdict <> 'confirmed' or (evidence = 'direct' and quality in ('full', 'digitised', 'published'))
with
names as (
    select claim_id, string_agg(population, ' + ' order by population_rank, population) as population
    from intermediate.claim_populations
    where is_enough
    group by claim_id
),

-- The periods by name; where a date is looked for, it is the figure itself.
dated as (
    select
        claim_id, string_agg(period_label(if(window_words in ('year', 'quarter'), window_words, grain), slot_start), ' and '
            order by slot_start) as periods
    from intermediate.claim_windows
    inner join staging.reference__claims using (claim_id)
    where measure <> 'first_lead'
    group by claim_id
),

rows_used as (
    select
        populations.claim_id, list_distinct(flatten(list(figures.qualities))) as qualities,
        list_distinct(flatten(list(figures.origins))) as origins
    from intermediate.claim_populations as populations
    inner join intermediate.claim_figures as figures using (claim_id, population)
    where populations.is_enough and figures.is_complete
    group by populations.claim_id
),

measured as (
    select
        claims.*, measures.* exclude (claim_id), names.population as population_used, dated.periods,
        array_to_string(list_sort(rows_used.qualities), '|') as quality,
        array_to_string(list_sort(rows_used.origins), '|') as origin,
        try_cast(claims.published_value as double) as published_number,
        try_cast(claims.published_value as date) as published_date,
        -- A complete count is what it is: what varies is read off a picture or counted in a sample.
        coalesce(reading_low, if(is_sample, wilson_low_pct(part, total, effect := design_effect), null)) as measured_low,
        coalesce(reading_high, if(is_sample, wilson_high_pct(part, total, effect := design_effect), null)) as measured_high
    from staging.reference__claims as claims
    inner join intermediate.claim_measures as measures using (claim_id)
    left join names using (claim_id)
    left join dated using (claim_id)
    left join rows_used using (claim_id)
),

ranged as (
    select
        *, reading_error is not null or is_sample as is_ranged,
        coalesce(measured_low, measured_value) as low, coalesce(measured_high, measured_value) as high,
        -- The 1e-9 lets a value that lies off by just the tolerance pass whatever rest a division left.
        coalesce(case comparator
            when 'eq' then low >= published_number - tolerance - 1e-9 and high <= published_number + tolerance + 1e-9
            when 'gt' then low > published_number - tolerance
            when 'ge' then low >= published_number - tolerance
            when 'lt' then high < published_number + tolerance
            when 'up' then low > -tolerance
            when 'down' then high < tolerance
            when 'before' then date_high < published_date + to_months(tolerance::integer)
            when 'after' then date_high is not null and date_low > published_date - to_months(tolerance::integer)
        end, false) as is_met,
        coalesce(case comparator
            when 'eq' then low > published_number + tolerance + 1e-9 or high < published_number - tolerance - 1e-9
            when 'gt' then high <= published_number - tolerance
            when 'ge' then high < published_number - tolerance
            when 'lt' then low >= published_number + tolerance
            when 'up' then high <= -tolerance
            when 'down' then low >= tolerance
            when 'before' then date_low is null or date_low >= published_date + to_months(tolerance::integer)
            when 'after' then date_low is null or coalesce(date_high <= published_date - to_months(tolerance::integer), false)
        end, true) as is_missed,
        evidence = 'direct' and (quality = 'full' or reading_error is not null and not is_sample) as is_decisive
    from measured
),

-- Of two complete counts of the same neither is left out: where only the one that the statement was made on meets it, it is open.
recounted as (
    select
        *, bool_or(is_recount and is_missed) over counts as is_denied,
        max(if(is_recount, measured_value, null)) over counts as recounted_value,
        max(if(is_recount, figures, null)) over counts as recounted_figures
    from ranged
    window counts as (partition by of_claim)
)

select
    claim_id, article, statement, source, series,
    if(problem is null, population_used, population) as population, if(problem is null, periods, null) as periods,
    measure, comparator, published_value, measured_value, measured_date, measured_low, measured_high,
    coalesce(measured_value - published_number, datediff('month', published_date, measured_date)) as difference, unit,
    case
        when problem is not null then 'not testable'
        when is_missed then 'inconsistent'
        when not is_met or is_denied then 'not refuted'
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
        when is_denied then 'the count that it was made on says the same, the recount does not'
        when measure = 'event_year' then 'the date on record is of that year'
        when evidence = 'indirect' then 'the figures fit it, but measure it only by a stand-in'
        else format('the figures say the same{}, directly{}',
            if(tolerance = 0, '', format(' within the {:g}{} allowed beforehand', tolerance,
                case unit when 'percent' then ' points' when 'date' then ' months' else '' end)),
            case when not is_decisive then ', but not by complete counts'
                when is_ranged then ' and by more than they may be misread' else ' and by complete counts' end)
                || if(recounted_figures is null, '', '; so does the recount')
    end as reason,
    if(problem is null, origin, null) as origin, if(problem is null, quality, null) as quality,
    evidence, figures, recounted_value, recounted_figures, reading, claim_order
from recounted
where not is_recount
order by claim_order
