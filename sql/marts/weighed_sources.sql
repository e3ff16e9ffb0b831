-- Which sources enter the newest weighing of sources, up to when, and why the others do not.
-- @grain source
-- @columns source
-- @column label: its name, and what of it is weighed where that is not the figure that it publishes
-- @columns kind, audience
-- @column source_order: place of the source in headline_series.csv
-- @columns is_weighed
-- @column last_period: first day of the newest period that speaks; null where none does
-- @columns last_label, pair_count
-- @column reason: why it does not enter; null where it does
-- @columns note
-- @fail is_weighed = (reason is null) and is_weighed = (pair_count > 0) and note is not null
-- @note note
with
newest as (
    select source, count(*) as pair_count, max(last_period) as last_period
    from marts.weighed_readings
    where year = 'newest'
    group by source
),

spoken as (
    select
        source, arg_max(grain, period_start) as grain, max(period_start) as last_period,
        bool_or(share_pct is not null) as has_shares
    from intermediate.weighed_points
    group by source
),

held as (
    select source, bool_or(has_pairs) as has_pairs, bool_or(is_stock) as is_stock
    from intermediate.series_populations
    inner join intermediate.headline_series using (source, series)
    group by source
),

judged as (
    select
        headline.source, headline.kind, headline.audience, headline.headline_order as source_order,
        newest.source is not null as is_weighed,
        coalesce(newest.last_period, spoken.last_period) as last_period, spoken.grain,
        coalesce(newest.pair_count, 0) as pair_count, coalesce(held.is_stock, false) as is_stock,
        case
            when newest.source is not null then null
            when held.source is null then 'no figures are held'
            when not held.has_pairs then 'its figures say nothing of two frameworks beside each other'
            when spoken.source is null then 'it knows no two of the compared frameworks'
            when not spoken.has_shares then 'only a level is held, and no gain over twelve months'
            when exists (
                select 1 from marts.weighed_readings as readings
                where readings.source = headline.source and readings.year <> 'newest'
            ) then 'its newest figures are older than three years'
            else 'no whole twelve months are held'
        end as reason
    from intermediate.headline_series as headline
    left join newest using (source)
    left join spoken using (source)
    left join held using (source)
)

select
    judged.source, sources.label || if(is_stock, ' gained in twelve months', '') as label,
    judged.kind, judged.audience, judged.source_order, judged.is_weighed, judged.last_period,
    period_label(judged.grain, judged.last_period) as last_label, judged.pair_count, judged.reason,
    if(is_weighed,
        format('{}: weighed, up to {}{}', label, the_label(last_label), coalesce('. ' || rtrim(ended_note, '.'), '')),
        format('{}: not weighed, since {}{}', sources.label, judged.reason,
            coalesce(' (up to ' || the_label(last_label) || ')', ''))) as note
from judged
inner join marts.source_status as sources using (source)
order by judged.source_order
