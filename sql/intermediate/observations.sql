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

-- Live before cached before imported before reference; of two landings of one origin the newer one.
candidates as (
    select
        *,
        row(
            list_position(['live', 'cached', 'imported', 'reference'], origin),
            -- Embedded figures of several references stand side by side: none replaces another.
            if(origin = 'reference', null, -epoch_us(retrieved_at)),
            source_file
        ) as preference
    from (
        select * from intermediate.observations_landed
        union all by name
        select * from intermediate.observations_quarterly
    )
),

preferred as (
    select source, series, population, grain, period_start, min(preference) as preference
    from candidates
    group by source, series, population, grain, period_start
)

select
    candidates.source,
    candidates.series,
    candidates.population,
    candidates.grain,
    candidates.period_start,
    candidates.framework,
    candidates.value,
    candidates.base,
    candidates.unit,
    candidates.quality,
    candidates.origin,
    candidates.retrieved_at,
    candidates.reference
from candidates
inner join preferred using (source, series, population, grain, period_start, preference)
