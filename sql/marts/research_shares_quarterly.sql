-- Share of every compared framework in the research code of each quarter, in the preferred population, ready to draw.
-- @grain period_start, framework
-- @column source: who publishes the figures
-- @column series: what is counted over which base; see marts.series
-- @column population: whom or what the figures speak of
-- @column period_start: first day of the quarter
-- @column period_label: name of the quarter
-- @column period_middle: day at which a chart draws it
-- @column framework: framework
-- @column label: its name
-- @column framework_order: position in order of importance
-- @column is_in_pair: one of the two frameworks of the first page
-- @column link_count: links that carry its label
-- @column link_total: links that carry any framework label
-- @column share_pct: link_count as a share of link_total, 0 to 100
-- @column share_low_pct: lower end of the 95 percent Wilson interval
-- @column share_high_pct: upper end
-- @column pair_total: links of the pair; null for frameworks outside it
-- @column pair_pct: link_count as a share of pair_total
-- @column pair_low_pct: lower end of the 95 percent Wilson interval
-- @column pair_high_pct: upper end
-- @column is_drawn: at least 20 links in the quarter, and both frameworks of the pair were out
-- @column quality: full or sample
-- @fail share_pct between 0 and 100
with

shares as (
    select shares.*
    from marts.framework_shares as shares
    inner join intermediate.preferred_populations as populations
        on populations.source = shares.source
        and populations.series = shares.series
        and populations.grain = shares.grain
        and populations.population = shares.population
        and populations.is_preferred
    where shares.source = 'papers_with_code' and shares.series = 'links_known' and shares.grain = 'quarter'
),

frameworks as (
    select * from marts.frameworks where is_compared
),

periods as (
    select * from intermediate.periods where grain = 'quarter'
),

pair_frameworks as (
    select
        unnest([framework_a, framework_b]) as framework
    from intermediate.headline_pair
),

pairs as (
    select
        shares.period_start,
        sum(shares.value)::bigint as pair_total
    from shares
    inner join pair_frameworks on pair_frameworks.framework = shares.framework
    group by shares.period_start
),

-- A label can date from later than the paper: before both were out, the code was written afterwards.
starts as (
    select date_trunc('year', coalesce(max(first_release), '1990-01-01')) as first_day
    from frameworks
    inner join pair_frameworks on pair_frameworks.framework = frameworks.framework
),

joined as (
    select
        shares.*,
        periods.label as period_label,
        periods.period_middle,
        frameworks.label,
        frameworks.framework_order,
        pair_frameworks.framework is not null as is_in_pair,
        if(is_in_pair, pairs.pair_total, null) as pair_total
    from shares
    inner join frameworks on frameworks.framework = shares.framework
    inner join periods on periods.period_start = shares.period_start
    left join pair_frameworks on pair_frameworks.framework = shares.framework
    left join pairs on pairs.period_start = shares.period_start
)

select
    joined.source,
    joined.series,
    joined.population,
    joined.period_start,
    joined.period_label,
    joined.period_middle,
    joined.framework,
    joined.label,
    joined.framework_order,
    joined.is_in_pair,
    joined.value::bigint as link_count,
    joined.base as link_total,
    joined.share_pct,
    joined.share_low_pct,
    joined.share_high_pct,
    joined.pair_total,
    100 * joined.value / nullif(joined.pair_total, 0) as pair_pct,
    wilson_low_pct(joined.value, joined.pair_total) as pair_low_pct,
    wilson_high_pct(joined.value, joined.pair_total) as pair_high_pct,
    joined.base >= 20 and joined.period_start >= starts.first_day as is_drawn,
    joined.quality
from joined
cross join starts
order by joined.period_start, joined.framework_order
