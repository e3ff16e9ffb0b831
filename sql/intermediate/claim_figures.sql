-- The figures of a claim's two frameworks in each window, population by population.
-- @grain claim_id, population, slot_start
-- @column qualities: kinds of quality of the rows used
-- @fail first_day <= slot_start and last_day >= slot_start
with
claims as (from staging.reference__claims where source <> 'events'),

named as (
    select *, unnest(list_distinct(list_filter([period_from, period_to], lambda period: period is not null))) as slot_start
    from claims
    where measure <> 'first_lead'
),

searched as (
    select distinct claims.*, observations.period_start as slot_start
    from claims
    inner join intermediate.observations as observations using (source, series, grain)
    where claims.measure = 'first_lead' and observations.period_start <= coalesce(claims.period_to, observations.period_start)
),

-- A centred window of N months reaches (N - 1) // 2 back and N // 2 on; a trailing one N - 1 back.
sized as (
    select *, coalesce(try_cast(nullif(regexp_extract(window_words, '\d+'), '') as integer), 1) as months
    from (select * from named union all by name select * from searched)
),

-- The periods at which each claim is measured, with the days of the window around each.
slots as (
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
),

rows_used as (
    select
        slots.*, observations.population, observations.framework = claims.framework as is_f,
        observations.period_start, observations.value, observations.base, observations.unit, observations.quality,
        observations.origin, claims.framework_b is null as is_alone,
        populations.is_binomial, populations.reading_error, populations.design_effect,
        -- Stocks, windows of months and whatever is no count are averaged; what may be added up is added up.
        observations.unit in ('index_0_100', 'percent', 'per_day') or populations.is_stock
            or (populations.is_binomial and not populations.is_summed and claims.grain = 'month') as is_averaged,
        -- A quarter or year is named only when it is whole: of counts every period, of readings half and the last one.
        case claims.window_words
            when 'year' then periods_per_year(claims.grain)
            when 'quarter' then periods_per_year(claims.grain) // 4
        end as periods_named,
        next_start(claims.grain, observations.period_start) > slots.last_day - 7 as is_last
    from claims
    inner join slots using (claim_id)
    inner join intermediate.observations as observations
        on observations.source = claims.source
        and observations.series = claims.series
        and observations.grain = claims.grain
        and observations.framework in (claims.framework, claims.framework_b)
        and observations.period_start between slots.first_day and slots.last_day
    inner join intermediate.series_populations as populations
        on (populations.source, populations.series, populations.grain) = (claims.source, claims.series, claims.grain)
        and populations.population = observations.population
),

windows as (
    select
        claim_id, slot_start, first_day, last_day, population, unit, is_alone, is_averaged,
        any_value(is_binomial) as is_binomial, any_value(reading_error) as reading_error,
        any_value(design_effect) as design_effect,
        coalesce(if(is_averaged, 2, 1) * count(distinct period_start) >= any_value(periods_named), true)
            and (any_value(periods_named) is null or not is_averaged or bool_or(is_last)) as is_whole,
        sum(value) filter (where is_f) as f_sum, avg(value) filter (where is_f) as f_mean,
        if(is_averaged, avg(base) filter (where is_f), sum(base) filter (where is_f)) as f_base,
        sum(value) filter (where not is_f) as g_sum, avg(value) filter (where not is_f) as g_mean,
        if(is_averaged, avg(base) filter (where not is_f), sum(base) filter (where not is_f)) as g_base,
        list_sort(list(distinct quality)) as qualities,
        list_sort(list(distinct origin)) as origins
    from rows_used group by claim_id, slot_start, first_day, last_day, population, unit, is_alone, is_averaged
)

select
    windows.claim_id, windows.population, windows.slot_start, windows.first_day, windows.last_day,
    if(is_averaged, f_mean, f_sum) as f_value, f_base::bigint as f_base,
    if(is_averaged, g_mean, g_sum) as g_value, g_base::bigint as g_base,
    windows.unit, windows.is_binomial, windows.reading_error, windows.design_effect, windows.qualities,
    windows.origins,
    is_whole and f_sum is not null and (is_alone or g_sum is not null) as is_complete
from windows
