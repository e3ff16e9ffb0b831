-- What a source adds to a weighing of sources, period by period: members, means of shares, or what a stock has gained.
-- @grain line, period_start
-- @column line: see intermediate.source_lines
-- @column population: the preferred one, or one that ended before it began; pooled for all conferences
-- @column rank: which population speaks first, 1 first
-- @column share_pct: framework_a's share of both; null where a stock has no figure of twelve months before
with
points as (
    select
        lines.line, lines.source, lines.framework_a, lines.framework_b,
        if(lines.is_pooled, 'pooled', lines.population) as population,
        lines.grain, populations.rank, points.period_start, populations.is_stock,
        populations.is_stock or lines.series like '%_12_months' as is_last_only,
        is_last_only or lines.is_summed as is_added, points.a_value, points.pair_value,
        coalesce(
            overlap_error_pct(answers.only_a_count, answers.both_count, answers.only_b_count), points.sd_pct
        ) as sd_pct,
        (curves.curve_high_pct - curves.curve_low_pct) / (2 * 1.96) as curve_error_pct
    from intermediate.source_lines as lines
    inner join intermediate.pair_smoothed as points using (line)
    inner join intermediate.series_populations as populations using (source, series, population, grain)
    left join staging.analysis__curves as curves on curves.line = points.line and curves.period_start = points.period_start
    -- Where people could name both, a binomial error takes one for two.
    left join staging.reference__survey_overlaps as answers
        on answers.source = lines.source
        and answers.series = lines.series
        and answers.population = lines.population
        and answers.period_start = points.period_start
        and answers.framework_a = lines.framework_a
        and answers.framework_b = lines.framework_b
),

-- A stock is not always read on the same day of a year: a month more or less does not move the share of two gains.
gained as (
    select
        points.line, points.period_start, points.a_value - before.a_value as a_gained,
        points.pair_value - before.pair_value as pair_gained
    from points
    inner join points as before
        on before.line = points.line
        and before.period_start between points.period_start - interval 13 month
            and points.period_start - interval 11 month
    where points.is_stock
    qualify row_number() over (
        partition by points.line, points.period_start
        order by abs(before.period_start - (points.period_start - interval 12 month)::date), before.period_start
    ) = 1
),

parts as (
    select
        points.*, if(points.is_stock, gained.a_gained, points.a_value) as a_part,
        if(points.is_stock, gained.pair_gained, points.pair_value) as pair_part
    from points
    left join gained using (line, period_start)
)

select
    line, source, framework_a, framework_b, population, grain, rank, period_start, is_last_only, is_added, a_part,
    pair_part,
    -- Where one of both has lost members, there is no share of what was gained.
    if(a_part between 0 and pair_part and pair_part > 0, 100 * a_part / pair_part, null) as share_pct,
    if(is_stock, counting_error_pct(a_part, pair_part), sd_pct) as error_pct,
    curve_error_pct
from parts
