-- Every source: where its figures come from at this release, how fresh they are and under which licence.
-- @grain source
-- @columns source, label, subject, state
-- @column origin: best origin in use: live, cached, imported or reference; null where we hold nothing
-- @columns last_success_at
-- @column latest_period: first day of the newest period of this origin
-- @column latest_label: its name, as "Aug 2024" or "2024 edition"
-- @columns cadence_days, row_count
-- @column licence: under which its figures may be passed on: the strictest of its rows
-- @columns ended_note, attribution, kind, audience, headline_series, headline_grain, headline_order, message
with
sources as (from staging.reference__sources),
figures as (select * exclude (source), landed_by(source, series) as source from intermediate.observations),

observations as (
    select
        source,
        min_by(origin, list_position(['live', 'cached', 'imported', 'reference'], origin)) as origin,
        count(*) as row_count
    from figures
    group by source
),

-- What is confirmed reaches as far as its own figures: embedded ones behind them do not make a source newer.
newest as (
    select
        source, origin,
        max(period_start) as latest_period,
        arg_max(grain, (period_start, -grain_order(grain))) as latest_grain
    from figures
    group by source, origin
),

checks as (from staging.refresh__source_checks),

-- Licence and attribution follow the reference of a row: a source that holds rows of a stricter licence carries it.
stricter as (
    select
        sources.source,
        arg_max(theirs.terms, theirs.strictness) as licence,
        array_to_string(list_sort(list(distinct publications.publisher || ', ' || theirs.terms)), '; ') as attribution
    from (select distinct source, reference from intermediate.observations) as used
    inner join sources on sources.source = used.source
    inner join staging.reference__licences as own on own.licence = sources.licence
    inner join staging.reference__references as publications on publications.reference = used.reference
    inner join staging.reference__licences as theirs
        on theirs.licence = publications.licence and theirs.strictness > greatest(own.strictness, 4)
    group by sources.source
),

rejected as (
    select
        source,
        string_agg(
            format('{:,} of {:,} records left out: {}.', record_count, record_total, reason), ' ' order by reason
        ) as message
    from (
        select
            source, reason,
            sum(record_count)::bigint as record_count,
            sum(record_total)::bigint as record_total
        from marts.rejected_records
        group by source, reason
    ) as reasons
    group by source
)

select
    sources.source, sources.label, sources.subject,
    source_state(
        observations.origin,
        sources.publisher_state = 'closed',
        coalesce(checks.is_held_back, false),
        coalesce(checks.was_asked, false),
        coalesce(checks.has_answered, false)
    ) as state,
    observations.origin, checks.last_success_at, newest.latest_period,
    period_label(newest.latest_grain, newest.latest_period) as latest_label,
    sources.cadence_days,
    coalesce(observations.row_count, 0) as row_count,
    coalesce(stricter.licence, sources.licence) as licence,
    if(sources.publisher_state = 'closed', sources.state_note, null) as ended_note,
    concat_ws('; ', sources.attribution, stricter.attribution) as attribution,
    headline.kind, headline.audience, headline.series as headline_series, headline.grain as headline_grain,
    headline.headline_order,
    nullif(concat_ws(' ',
        checks.message,
        if(observations.origin = 'reference', 'Embedded reference data.', null),
        if(observations.origin is null, 'Nothing is landed, and no reference data is embedded.', null),
        rejected.message
    ), '') as message
from sources
left join observations using (source)
left join newest on newest.source = observations.source and newest.origin = observations.origin
left join checks using (source)
left join stricter using (source)
left join intermediate.headline_series as headline using (source)
left join rejected using (source)
order by sources.source_order
