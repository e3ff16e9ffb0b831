-- Shares of one period that moved further between two releases than counting errors of both bases together allow.
-- Six standard errors and five points at once: an archive that is revised passes, swapped labels do not.
-- Reads two warehouses, before and after; returns source and reason.
with
pairs as (
    select
        held.source, held.series, held.population, held.framework, held.period_start, held.share_pct as held_pct,
        found.share_pct as found_pct,
        (held.value + found.value) / (held.base + found.base) as pooled,
        1 / held.base + 1 / found.base as spread
    from before.marts.framework_shares as held
    inner join after.marts.framework_shares as found
        using (source, series, population, grain, period_start, framework)
    where
        held.origin <> 'reference'
        and found.origin <> 'reference'
        and held.share_low_pct is not null
        and found.share_low_pct is not null
        and held.base > 0
        and found.base > 0
),

jumps as (
    select *, abs(found_pct - held_pct) as jump
    from pairs
    where
        abs(found_pct - held_pct) > 5
        and abs(found_pct - held_pct) > 600 * sqrt(greatest(pooled * (1 - pooled), 0) * spread)
)

select
    landed_by(source, series) as source,
    format(
        'shares jump further than their bases allow: {}, among them {} in {} ({}), {} from {:.1f} to {:.1f} percent',
        count(*),
        max_by(framework, jump),
        max_by(series, jump),
        max_by(population, jump),
        max_by(period_start, jump),
        max_by(held_pct, jump),
        max_by(found_pct, jump)
    ) as reason
from jumps
group by landed_by(source, series)
order by landed_by(source, series)
