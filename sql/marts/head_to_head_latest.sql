-- The newest period of every pair that can say who leads, since when, and the sentence that every page and command tells.
-- @grain source, series, population, grain, framework_a, framework_b
-- @columns source, series, population, grain, framework_a, framework_b
-- @column period_start: first day of the newest period in which the pair may be drawn
-- @columns a_value, b_value, pair_value, a_share_of_pair_pct, low_pct, high_pct, leader, leader_share_pct
-- @columns leader_low_pct, leader_high_pct, is_complete_count
-- @column is_within_chance: the reading's interval holds a half, or the curve under the line is not sure, or both are equal
-- @columns is_order_open, is_lead_proven
-- @column is_stock: all that gathered up to the day is counted: a framework has more, it does not lead now
-- @column ahead_pct: probability in percent that the curve has framework_a ahead in the period; null without a curve
-- @columns led_since, first_period, is_headline, sentence, detail, leader_share_words
-- @column interval_words: how sure leader_share_pct is: its interval and by what, or why it has none
-- @columns origin
-- @column quality: the worse one of both
-- @fail leader is null or (leader_share_pct > 50 and led_since between first_period and period_start)
-- @fail low_pct is null or pair_value >= 30
-- @fail sentence is not null and detail is not null
-- @fail low_pct is null or leader_share_pct between leader_low_pct - 1e-9 and leader_high_pct + 1e-9
with
newest as (
    select
        readings.* exclude (is_within_chance), readings.is_within_chance as is_reading_within,
        leads.led_since, leads.lead_number, leads.is_from_start, leads.first_period, leads.behind_until,
        answers.only_a_count, answers.both_count, answers.only_b_count,
        greatest(a_share_of_pair_pct, 100 - a_share_of_pair_pct) as leader_share_pct
    from marts.leads as leads
    inner join marts.head_to_head as readings using (source, series, population, grain, framework_a, framework_b)
    left join staging.reference__survey_overlaps as answers
        on (answers.source, answers.series, answers.population) = (leads.source, leads.series, leads.population)
        and (answers.period_start, answers.framework_a, answers.framework_b)
        = (leads.led_until, leads.framework_a, leads.framework_b)
    where leads.is_latest and readings.period_start = leads.led_until
),

latest as (
    select
        newest.*,
        if(leader = framework_b, 100 - high_pct, low_pct) as leader_low_pct,
        if(leader = framework_b, 100 - low_pct, high_pct) as leader_high_pct,
        held.is_stock, held.reading_error, held.is_preferred, held.label as population_label,
        if(period_start = latest_period, held.revision_error, null) as revision_error,
        greatest(reading_error, revision_error) as figure_error
    from newest
    inner join marts.populations as held using (source, series, population, grain)
),

-- What counts no members errs as its single periods scatter around their windows.
judged as (
    select
        latest.* exclude (is_reading_within), evidence.ahead_pct,
        if(latest.leader = latest.framework_b, 100 - evidence.ahead_pct, evidence.ahead_pct) as sure_pct,
        is_complete_count(latest.unit, latest.quality) as is_complete_count,
        latest.is_reading_within
            or coalesce(latest.low_pct is null and abs(latest.a_share_of_pair_pct - 50) <= 1.96 * evidence.sd_pct, false)
            -- Things counted one by one scatter as they do of themselves: two Poisson counts, taken together a binomial one.
            or (is_complete_count and latest.low_pct is null and latest.unit <> 'per_day'
                and abs(latest.a_value - latest.b_value) <= 1.96 * sqrt(latest.pair_value))
            -- Misread by that much, the other one had more.
            or coalesce(abs(latest.a_value - latest.b_value) <= 2 * figure_error, false)
            as is_reading_within_chance
    from latest
    left join intermediate.pair_evidence as evidence
        using (source, series, population, grain, framework_a, framework_b, period_start)
),

named as (
    select
        latest.*,
        latest.is_reading_within_chance or (not latest.is_stock and coalesce(latest.sure_pct <= 97.5, false))
            as is_within_chance,
        is_within_chance and not latest.is_complete_count as is_order_open,
        not latest.is_stock and not latest.is_reading_within_chance and coalesce(latest.sure_pct > 97.5,
            latest.low_pct is not null and periods_per_year(latest.grain) <= 2) as is_lead_proven,
        if(latest.is_stock, latest.a_value - before.a_value, null) as a_gained,
        if(latest.is_stock, latest.b_value - before.b_value, null) as b_gained,
        a.label as label_a, b.label as label_b,
        if(latest.leader = latest.framework_b, b.label, a.label) as leader_label,
        if(latest.leader = latest.framework_b, a.label, b.label) as other_label,
        period_words(latest.grain, latest.period_start) as period_words,
        coalesce(latest.is_preferred and headline.source is not null, false) as is_headline,
        sources.subject || if(latest.source = 'conference_papers', ' at ' || latest.population, '')
            || if(is_headline, '', format(' ({})', latest.population_label)) as topic
    from judged as latest
    inner join staging.reference__frameworks as a on a.framework = latest.framework_a
    inner join staging.reference__frameworks as b on b.framework = latest.framework_b
    inner join staging.reference__sources as sources using (source)
    left join (from marts.head_to_head select * exclude (is_within_chance)) as before
        on (before.source, before.series, before.population) = (latest.source, latest.series, latest.population)
        and (before.grain, before.framework_a, before.framework_b) = (latest.grain, latest.framework_a, latest.framework_b)
        and before.period_start = latest.period_start - interval 12 month
    left join intermediate.headline_series as headline
        on (headline.source, headline.series, headline.grain) = (latest.source, latest.series, latest.grain)
),

-- The macros name many columns: made into one value once, they take a third less time.
told as materialized (
    select *, worded as reading
    from (
        select
            *, interval_words(ended) as interval_words,
            exact_words(leader_share_pct, share_ends[2] - share_ends[1]) as leader_share_words
        from (select *, share_ends(named) as share_ends from named) as ended
    ) as worded
)

select
    source, series, population, grain, framework_a, framework_b, period_start, a_value, b_value, pair_value,
    a_share_of_pair_pct, low_pct, high_pct, leader, leader_share_pct, leader_low_pct, leader_high_pct,
    is_complete_count, is_within_chance, is_order_open, is_lead_proven, is_stock, ahead_pct,
    if(leader is null, null, led_since) as led_since,
    first_period, is_headline,
    pair_sentence(reading) || '.' as sentence,
    pair_detail(reading) as detail,
    leader_share_words, interval_words, origin, quality
from told
