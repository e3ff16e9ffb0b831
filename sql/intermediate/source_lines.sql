-- The lines that speak for each source in a comparison of sources: its headline series, by month where it has months.
-- @grain line
-- @column population: the preferred one, or one that ended before it began; all conferences
-- @column is_summed: members are counted, and the periods of a year may be added up
with
series as (
    select
        source, series,
        -- Quarters are sums of months, or stand beside months of another population, which date a change more finely.
        unnest(if(grain = 'quarter', ['month', 'quarter'], [grain])) as grain
    from intermediate.headline_series
)

select
    lines.line, lines.source, lines.series, lines.population, lines.grain, lines.framework_a, lines.framework_b,
    lines.source = 'conference_papers' as is_pooled,
    -- One edition or year is its own sum; months only where they may be added up.
    populations.is_binomial and (populations.is_summed or periods_per_year(lines.grain) = 1) as is_summed,
    lines.grain <> 'quarter' or not bool_or(lines.grain = 'month') over (
        partition by lines.source, lines.series, lines.framework_a, lines.framework_b
    ) as is_dating,
    populations.design_effect
from intermediate.pair_lines as lines
inner join series using (source, series, grain)
inner join intermediate.series_populations as populations using (source, series, population, grain)
-- Every conference has its own papers, so that all of them speak; elsewhere populations overlap and one speaks.
where populations.is_speaking or lines.source = 'conference_papers'
