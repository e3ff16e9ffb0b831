-- The pair's share in each year by every source side by side, with what each of them counts, which is why they differ.
-- @grain framework_a, framework_b, year, source, population
-- @columns framework_a, framework_b, year, source, series
-- @column population: whom or what the figures speak of; pooled where separate groups are added up
-- @column period_count: months, weeks or editions of the year
-- @column pair_value: members of both; null where none are counted
-- @column a_share_of_pair_pct: the first's share of both: of all members, or the mean of the periods
-- @columns low_pct, high_pct
-- @column leader: the one above a half; null where equal
-- @columns counts_what, caveat, source_count, lowest_pct, highest_pct, spread_pct
-- @column is_agreed: all of them name the same leader, none of them open; null where one source alone speaks
-- @fail (is_agreed is null) = (source_count < 2)
-- @fail a_share_of_pair_pct between lowest_pct and highest_pct
with
-- Counts are added up over a year of which every period is there; readings are averaged over one that the figures reach
-- the end of, with at least half of its periods. A lack of both frameworks is a figure, a month that is not over is none.
years as (
    select
        source, series, population, grain, framework_a, framework_b, year(period_start) as year,
        count(*) >= periods_per_year(any_value(grain)) as is_whole,
        2 * count(*) >= periods_per_year(any_value(grain))
            and next_start(any_value(grain), max(period_start)) > make_date(year(period_start), 12, 24) as is_over
    from marts.head_to_head
    semi join intermediate.source_lines using (source, series, population, grain)
    group by source, series, population, grain, framework_a, framework_b, year(period_start)
),

yearly as (
    select
        lines.framework_a, lines.framework_b, year(points.period_start)::integer as year,
        lines.source, lines.series, if(lines.is_pooled, 'pooled', lines.population) as population,
        lines.is_summed, count(*) as period_count, min(lines.population) as one_population,
        sum(points.a_value order by points.line, points.period_start) as a_sum,
        sum(points.pair_value order by points.line, points.period_start) as pair_sum,
        avg(points.share_pct order by points.line, points.period_start) as mean_pct,
        max(lines.design_effect) as design_effect,
        avg(curves.ahead_pct order by points.line, points.period_start) as ahead_pct
    from intermediate.source_lines as lines
    inner join intermediate.pair_smoothed as points using (line)
    left join staging.analysis__curves as curves on curves.line = points.line and curves.period_start = points.period_start
    inner join years using (source, series, population, grain, framework_a, framework_b)
    where years.year = year(points.period_start) and if(lines.is_summed, years.is_whole, years.is_over)
    group by lines.framework_a, lines.framework_b, year(points.period_start), lines.source, lines.series,
        if(lines.is_pooled, 'pooled', lines.population), lines.is_summed
),

shares as (
    select
        *, if(is_summed, 100 * a_sum / pair_sum, mean_pct) as a_share_of_pair_pct,
        if(is_summed, wilson_low_pct(a_sum, pair_sum, effect := design_effect), null) as low_pct,
        if(is_summed, wilson_high_pct(a_sum, pair_sum, effect := design_effect), null) as high_pct,
        case
            when 50 between low_pct and high_pct then null
            -- Where nothing is counted, the curve under the months must be sure on the whole.
            when not is_summed and ahead_pct between 2.5 and 97.5 then null
            when a_share_of_pair_pct > 50 then framework_a
            when a_share_of_pair_pct < 50 then framework_b
        end as leader
    from yearly
),

described as (
    select shares.*, series.counts_what, series.caveat
    from shares
    left join marts.series as series
        on series.source = shares.source
        and series.series = shares.series
        and series.population = shares.one_population
),

compared as (
    select
        *, min(a_share_of_pair_pct) over pair_year as lowest_pct,
        max(a_share_of_pair_pct) over pair_year as highest_pct,
        count(distinct source) over pair_year as source_count,
        if(source_count > 1, min(leader) over pair_year = max(leader) over pair_year
            and count(leader) over pair_year = count(*) over pair_year, null) as is_agreed
    from described
    window pair_year as (partition by framework_a, framework_b, year)
)

select
    framework_a, framework_b, year, source, series, population, period_count,
    if(is_summed, pair_sum::bigint, null) as pair_value,
    a_share_of_pair_pct, low_pct, high_pct, leader, counts_what, caveat, source_count, lowest_pct, highest_pct,
    highest_pct - lowest_pct as spread_pct,
    is_agreed
from compared
