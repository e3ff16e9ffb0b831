-- Figures of a first landing that cannot be those that are embedded for the same period: shares further away than
-- counting errors of both bases allow, as in sql/gates/shares.sql, or bases that lack a third.
-- Reads the new warehouse, after; returns source and reason.
with
pairs as (
    select
        found.source, found.series, found.population, found.framework, found.period_start, found.base as found_base,
        known.base as known_base, found.share_pct as found_pct,
        100.0 * known.value / known.base as known_pct,
        (known.value + found.value) / (known.base + found.base) as pooled,
        1 / known.base + 1 / found.base as spread
    from after.marts.framework_shares as found
    inner join after.intermediate.reference_observations as known
        using (source, series, population, grain, period_start, framework)
    where
        found.origin <> 'reference'
        and found.share_low_pct is not null
        and known.quality = 'full'
        and known.base > 0
        and found.base > 0
),

odd as (
    select *
    from pairs
    where
        found_base < 2 / 3 * known_base
        or (
            abs(found_pct - known_pct) > 5
            and abs(found_pct - known_pct) > 600 * sqrt(greatest(pooled * (1 - pooled), 0) * spread)
        )
)

select
    source,
    format(
        'figures are not those that are known: {}, among them {} in {} ({}), {}: {:.1f} percent of {:,} where {:.1f} '
        || 'percent of {:,} are known',
        count(*),
        min_by(framework, found_base / known_base),
        min_by(series, found_base / known_base),
        min_by(population, found_base / known_base),
        min_by(period_start, found_base / known_base),
        min_by(found_pct, found_base / known_base),
        min_by(found_base, found_base / known_base),
        min_by(known_pct, found_base / known_base),
        min_by(known_base, found_base / known_base)
    ) as reason
from odd
group by source
order by source
