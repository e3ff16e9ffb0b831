-- The figures of a claim's two frameworks in each window, population by population.
-- @grain claim_id, population, slot_start
-- @columns claim_id, population, slot_start, f_value, f_base, g_value, g_base, unit, is_binomial, reading_error
-- @column qualities: kinds of quality of the rows used
-- @column origins: origins of the rows used
-- @columns is_complete
with

rows_used as (
    select
        claims.claim_id,
        slots.slot_start,
        observations.population,
        observations.framework = claims.framework as is_f,
        observations.value,
        observations.base,
        observations.unit,
        observations.quality,
        observations.origin,
        claims.framework_b is null as is_alone
    from staging.reference__claims as claims
    inner join intermediate.claim_slots as slots on slots.claim_id = claims.claim_id
    inner join intermediate.observations as observations
        on observations.source = claims.source
        and observations.series = claims.series
        and observations.grain = claims.grain
        and observations.framework in (claims.framework, claims.framework_b)
        and observations.period_start between slots.first_day and slots.last_day
),

windows as (
    select
        claim_id,
        slot_start,
        population,
        unit,
        is_alone,
        unit in ('index_0_100', 'percent', 'per_day') as is_averaged,
        sum(value) filter (where is_f) as f_sum,
        avg(value) filter (where is_f) as f_mean,
        sum(base) filter (where is_f) as f_base,
        sum(value) filter (where not is_f) as g_sum,
        avg(value) filter (where not is_f) as g_mean,
        sum(base) filter (where not is_f) as g_base,
        list_sort(list(distinct quality)) as qualities,
        list_sort(list(distinct origin)) as origins
    from rows_used
    group by claim_id, slot_start, population, unit, is_alone
)

select
    windows.claim_id,
    windows.population,
    windows.slot_start,
    if(is_averaged, f_mean, f_sum) as f_value,
    f_base::bigint as f_base,
    if(is_averaged, g_mean, g_sum) as g_value,
    g_base::bigint as g_base,
    windows.unit,
    series.is_binomial,
    series.reading_error,
    windows.qualities,
    windows.origins,
    f_sum is not null and (is_alone or g_sum is not null) as is_complete
from windows
inner join staging.reference__claims as claims on claims.claim_id = windows.claim_id
inner join intermediate.series_populations as series
    on series.source = claims.source
    and series.series = claims.series
    and series.population = windows.population
    and series.grain = claims.grain
