-- The shares once read off the Papers With Code trends page, beside our figures under one fixed definition and others.
-- @grain period_start, framework, series, population, window_words
-- @column period_start: month of the reading
-- @columns framework, published_pct, series, population, window_words, is_fixed_definition
-- @column member_count: links, papers or repositories with the framework
-- @columns member_total, measured_pct, measured_low_pct, measured_high_pct, difference_pct, is_inside, origin
-- @columns then_population, then_pct, newest_population, newest_pct, answer
-- The page dated by creation of the repository, which no archive tells; the month of the paper stands in for it.
with
readings as (
    select period_start, framework, value as published_pct
    from intermediate.observations
    where source = 'papers_with_code' and series = 'published_share_readings' and grain = 'month'
),

windows as (select *, unnest(['month', 'quarter', 'trailing 6 months']) as window_words from readings),

bounded as (
    select
        *,
        case window_words
            when 'month' then period_start
            when 'quarter' then date_trunc('quarter', period_start)::date
            else (period_start - interval 5 month)::date
        end as first_day,
        case window_words
            when 'quarter' then (date_trunc('quarter', period_start) + interval 2 month)::date
            else period_start
        end as last_day
    from windows
),

counted as (
    select
        bounded.period_start, bounded.framework, bounded.published_pct, observations.series, observations.population,
        bounded.window_words,
        sum(observations.value) as member_count,
        sum(observations.base) as member_total,
        min_by(
            observations.origin, list_position(['reference', 'imported', 'cached', 'live'], observations.origin)
        ) as origin
    from bounded
    inner join intermediate.observations as observations
        on observations.source = 'papers_with_code'
        and observations.grain = 'month'
        and observations.base is not null
        and observations.framework = bounded.framework
        and observations.period_start between bounded.first_day and bounded.last_day
    group by bounded.period_start, bounded.framework, bounded.published_pct, observations.series,
        observations.population, bounded.window_words
    -- A quarter is named only when its three months are there.
    having bounded.window_words <> 'quarter' or count(*) = 3
),

ranked as (
    select
        counted.*, series.design_effect,
        row_number() over (
            partition by counted.period_start, counted.framework, counted.series, counted.window_words
            order by series.rank, counted.population
        ) as place
    from counted
    inner join intermediate.series_populations as series
        on series.source = 'papers_with_code'
        and series.series = counted.series
        and series.population = counted.population
        and series.grain = 'month'
)

select
    ranked.period_start, ranked.framework, ranked.published_pct, ranked.series, ranked.population,
    ranked.window_words,
    ranked.series = 'links_all' and window_words = 'quarter' and place = 1 as is_fixed_definition,
    member_count::bigint as member_count,
    member_total::bigint as member_total,
    100 * member_count / nullif(member_total, 0) as measured_pct,
    wilson_low_pct(member_count, member_total, effect := ranked.design_effect) as measured_low_pct,
    wilson_high_pct(member_count, member_total, effect := ranked.design_effect) as measured_high_pct,
    measured_pct - ranked.published_pct as difference_pct,
    coalesce(ranked.published_pct between measured_low_pct and measured_high_pct, false) as is_inside,
    ranked.origin, quoted.then_population, quoted.then_pct, quoted.newest_population, quoted.newest_pct, quoted.answer
from ranked
inner join intermediate.quoted_readings as quoted using (period_start, framework)
order by ranked.period_start, ranked.framework, is_fixed_definition desc, ranked.series, ranked.population, window_words
