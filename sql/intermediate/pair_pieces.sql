-- Lines of pairs as the statistics take them: cut at breaks, of flows and not of stocks.
-- @grain line, period_start
-- @column place: of the period in periods or years; a gap fades the likeness of neighbours
-- @column a_value: figure of the first framework, divided by the design effect
-- @column pair_value: figure of both, likewise
-- @column share_pct: a_value as a share of both
-- @column trailing_pct: the same over the window that ends with the period
-- @fail pair_value > 0
with
lines as (
    select
        lines.*, populations.design_effect,
        lines.grain in ('edition', 'year', 'half_year') as is_edition
    from intermediate.pair_lines as lines
    -- A line for each pair in each of sixty countries would be a million figures that no page shows.
    inner join intermediate.series_populations as populations
        on populations.source = lines.source
        and populations.series = lines.series
        and populations.population = lines.population
        and populations.grain = lines.grain
        and populations.is_named
    -- A stock goes on rising after its framework is left: its curve says nothing of now.
    where not populations.is_stock and lines.grain <> 'day'
),

breaks as (from staging.reference__events where is_break),

points as (
    select
        lines.line, lines.grain, lines.is_edition, smoothed.period_start,
        smoothed.error_model = 'counts' as is_count,
        -- Members in clusters weigh as fewer independent ones.
        smoothed.a_value / lines.design_effect as a_value,
        smoothed.pair_value / lines.design_effect as pair_value,
        smoothed.share_pct, smoothed.trailing_pct,
        (
            select count(*)
            from breaks
            where breaks.source = lines.source
                and coalesce(breaks.series = lines.series, true)
                and coalesce(breaks.population = lines.population, true)
                and breaks.event_date <= smoothed.period_start
        ) as piece
    from lines
    inner join intermediate.pair_smoothed as smoothed using (line)
)

select
    line, piece, period_start,
    case
        when is_edition then datediff('day', '2018-01-01'::date, period_start) / 365.25
        when grain = 'quarter' then 4 * year(period_start) + quarter(period_start)
        when grain = 'week' then datediff('day', '2018-01-01'::date, period_start) / 7
        else 12 * year(period_start) + month(period_start)
    end::double as place,
    datediff('day', '2018-01-01'::date, period_start) / 365.25 as years,
    is_count, is_edition, a_value, pair_value, share_pct, trailing_pct
from points
