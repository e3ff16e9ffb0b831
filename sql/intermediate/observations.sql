-- The figures in use: for each period the best origin, all frameworks together, never mixed.
-- @grain source, series, population, grain, period_start, framework
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: whom or what the figures speak of
-- @column grain: length of the period
-- @column period_start: first day of the period
-- @column framework: framework, label or answer
-- @column value: the figure, in `unit`
-- @column base: what the figure is a part of; null where there is none
-- @column unit: what `value` counts
-- @column quality: full, sample, digitised, decoded, published or fitted_base
-- @column origin: live, cached, imported or reference
-- @column retrieved_at: when the figures were fetched or read, UTC
-- @column reference: key of staging.reference__references
with

candidates as (
    select * from intermediate.observations_landed
    union all by name
    select * from intermediate.observations_quarterly
),

-- Live before cached before imported before reference; of two landings of one origin the newer one.
ranked as (
    select
        *,
        dense_rank() over (
            partition by source, series, population, grain, period_start
            order by
                list_position(['live', 'cached', 'imported', 'reference'], origin),
                retrieved_at desc,
                source_file
        ) as origin_rank
    from candidates
)

select
    source,
    series,
    population,
    grain,
    period_start,
    framework,
    value,
    base,
    unit,
    quality,
    origin,
    retrieved_at,
    reference
from ranked
where origin_rank = 1
