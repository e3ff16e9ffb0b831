-- How fast one framework of a pair gains on the other, by every source: the yearly change of its log odds.
-- Fisher and Pry (1971) have them straight in time; where they are not, there is no rate, and the line may have moved.
-- @grain source, series, population, grain, framework_a, framework_b
-- @columns source, series, population, grain, framework_a, framework_b
-- @column gaining: the one shown to gain on the other, at some rate or at none that is constant; null where neither is
-- @column rate_per_year: yearly change of the log odds of framework_a; null under 10 members and where no line is straight
-- @columns rate_low
-- @column rate_high: upper end
-- @columns is_rate_shown, years_10_to_90, years_low
-- @column years_high: upper end
-- @columns straight_pct
-- @column risen_pct: probability in percent that framework_a's share ends higher than it began; of editions by their tests
-- @columns first_pct, last_pct, rate_reason
-- @column point_count: periods fitted, the longest stretch between two breaks
-- @column first_period: first of them
-- @column last_period: last of them
-- @fail rate_per_year is null or rate_per_year between rate_low and rate_high
-- @fail (rate_per_year is null) = (rate_reason is not null)
with
rates as (from staging.analysis__rates),

ends as (
    select
        rates.line,
        arg_min(pieces.a_value, pieces.period_start) as a_first,
        arg_max(pieces.a_value, pieces.period_start) as a_last,
        arg_min(pieces.pair_value, pieces.period_start) as both_first,
        arg_max(pieces.pair_value, pieces.period_start) as both_last,
        bool_or(pieces.is_edition) as is_edition,
        arg_min(if(pieces.is_edition, pieces.share_pct, curves.curve_pct), pieces.period_start) as first_pct,
        arg_max(if(pieces.is_edition, pieces.share_pct, curves.curve_pct), pieces.period_start) as last_pct
    from rates
    inner join intermediate.pair_pieces as pieces
        on pieces.line = rates.line and pieces.period_start between rates.first_period and rates.last_period
    left join staging.analysis__curves as curves on curves.line = pieces.line and curves.period_start = pieces.period_start
    group by rates.line
),

-- Two editions are two samples: the z of their difference. A curve through a handful of them would know less.
moved as (
    select
        rates.*, ends.first_pct, ends.last_pct,
        (a_first + a_last) / (both_first + both_last) as pooled,
        (last_pct - first_pct) / 100
            / sqrt(nullif(pooled * (1 - pooled) * (1 / both_first + 1 / both_last), 0)) as z,
        if(is_edition, 100 * normal_below(z), rates.risen_pct) as moved_pct
    from rates
    inner join ends using (line)
),

judged as (
    select
        *,
        coalesce(rate_low > 0 or rate_high < 0, false) as is_rate_shown,
        case
            when is_rate_shown then sign(rate_per_year)
            when moved_pct > 97.5 then 1
            when moved_pct < 2.5 then -1
        end as direction
    from moved
)

select
    lines.source, lines.series, lines.population, lines.grain, lines.framework_a, lines.framework_b,
    case judged.direction when 1 then lines.framework_a when -1 then lines.framework_b end as gaining,
    judged.rate_per_year, judged.rate_low, judged.rate_high, judged.is_rate_shown,
    if(is_rate_shown, ln(81) / abs(rate_per_year), null) as years_10_to_90,
    if(is_rate_shown, ln(81) / greatest(abs(rate_low), abs(rate_high)), null) as years_low,
    if(is_rate_shown, ln(81) / least(abs(rate_low), abs(rate_high)), null) as years_high,
    judged.straight_pct, judged.moved_pct as risen_pct, judged.first_pct, judged.last_pct,
    case
        when judged.is_thin then 'under 10 members of the smaller framework'
        when judged.rate_per_year is null then 'no straight line'
    end as rate_reason,
    judged.point_count, judged.first_period, judged.last_period
from judged
inner join intermediate.pair_lines as lines using (line)
