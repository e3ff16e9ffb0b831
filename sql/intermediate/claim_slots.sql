-- The periods at which each claim is measured, with the days of the window around each.
-- @grain claim_id, slot_start
-- @columns claim_id, slot_start, first_day, last_day
-- @fail first_day <= slot_start and last_day >= slot_start
with
claims as (from staging.reference__claims where source <> 'events'),

named as (
    select
        *,
        unnest(list_distinct(list_filter([period_from, period_to], lambda period: period is not null))) as slot_start
    from claims
    where measure <> 'first_lead'
),

searched as (
    select distinct claims.*, observations.period_start as slot_start
    from claims
    inner join intermediate.observations as observations
        on observations.source = claims.source
        and observations.series = claims.series
        and observations.grain = claims.grain
        and observations.period_start <= coalesce(claims.period_to, observations.period_start)
    where claims.measure = 'first_lead'
),

-- A centred window of N months reaches (N - 1) // 2 back and N // 2 on; a trailing one N - 1 back.
sized as (
    select
        *,
        coalesce(try_cast(nullif(regexp_extract(window_words, '\d+'), '') as integer), 1) as months
    from (select * from named union all by name select * from searched)
)

select
    claim_id, slot_start,
    case
        when window_words in ('quarter', 'year') then date_trunc(window_words, slot_start)::date
        when starts_with(window_words, 'trailing') then (slot_start - to_months(months - 1))::date
        when starts_with(window_words, 'centred') then (slot_start - to_months((months - 1) // 2))::date
        else slot_start
    end as first_day,
    case
        when window_words = 'quarter' then (date_trunc('quarter', slot_start) + interval 3 month - interval 1 day)::date
        when window_words = 'year' then (date_trunc('year', slot_start) + interval 1 year - interval 1 day)::date
        when starts_with(window_words, 'centred') then (slot_start + to_months(months // 2))::date
        else slot_start
    end as last_day
from sized
