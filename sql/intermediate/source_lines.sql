-- The lines that speak for each source in a comparison of sources: its headline series, by month where it has months.
-- @grain line
-- @column line: number of the source, series, population, grain and pair
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column population: the preferred one, or one that ended before it began; all conferences
-- @column grain: length of the period
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column is_pooled: its members are added up with those of the other populations
-- @column is_binomial: members are counted
-- @column is_dating: the line that dates a change of leader: the months, where quarters of another population stand too
with

series as (
    select
        source,
        series,
        -- Quarters are sums of months, or stand beside months of another population, which date a change more finely.
        unnest(if(grain = 'quarter', ['month', 'quarter'], [grain])) as grain
    from intermediate.headline_series
),

preferred as (
    select
        source,
        series,
        population,
        grain
    from intermediate.preferred_populations
)

select
    lines.line,
    lines.source,
    lines.series,
    lines.population,
    lines.grain,
    lines.framework_a,
    lines.framework_b,
    lines.source = 'conference_papers' as is_pooled,
    lines.error_model = 'counts' as is_binomial,
    lines.grain <> 'quarter' or not bool_or(lines.grain = 'month') over (
        partition by lines.source, lines.series, lines.framework_a, lines.framework_b
    ) as is_dating
from intermediate.pair_lines as lines
inner join series
    on series.source = lines.source and series.series = lines.series and series.grain = lines.grain
left join preferred
    on preferred.source = lines.source
    and preferred.series = lines.series
    and preferred.population = lines.population
    and preferred.grain = lines.grain
-- Every conference has its own papers, so that all of them speak; elsewhere populations overlap and one speaks.
where preferred.population is not null or lines.source = 'conference_papers'
