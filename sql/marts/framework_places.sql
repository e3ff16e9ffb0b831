-- Where a framework stands among the others of its list, in every period of the choice that tells of it at each source: the one
-- that speaks for the source where it knows the framework, else the first that does.
-- @grain source, series, population, grain, period_start, framework
-- @columns source, series, choice, population, grain, period_start, framework, value, unit, base, share_pct, share_low_pct
-- @columns share_high_pct
-- @column place: 1 for the greatest figure of the period; equal figures share one; a count of 0 has none
-- @columns listed_count, above, above_value, below, below_value, origin, quality
-- @fail place is null or place between 1 and listed_count
with
placed as (
    select
        shares.*, held.choice, held.is_speaking and held.is_of_headline as is_headline,
        min(held.series_order) over (partition by source, series, held.choice) as choice_order,
        if(held.has_pairs and shares.value = 0, null, rank() over (period order by shares.value desc)) as place,
        count(*) over period as listed_count,
        lag(framework) over listed as next_above, lag(shares.value) over listed as next_above_value,
        lead(framework) over listed as next_below, lead(shares.value) over listed as next_below_value
    from marts.framework_shares as shares
    inner join marts.populations as held using (source, series, population, grain)
    inner join marts.source_status as sources using (source)
    inner join marts.frameworks as frameworks using (framework)
    where shares.is_drawn and held.is_charted and sources.kind is not null
    window period as (partition by source, series, population, grain, period_start),
        listed as (period order by shares.value desc, frameworks.framework_order)
)

select
    source, series, choice, population, grain, period_start, framework, value, unit, base, share_pct, share_low_pct,
    share_high_pct, place, listed_count,
    if(place > 0, next_above, null) as above, if(place > 0, next_above_value, null) as above_value,
    if(place > 0, next_below, null) as below, if(place > 0, next_below_value, null) as below_value,
    origin, quality
from placed
qualify dense_rank() over (partition by source, framework order by is_headline desc, choice_order, series, choice) = 1
order by source, framework, period_start, population
