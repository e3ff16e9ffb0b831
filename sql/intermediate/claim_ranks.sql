-- The place of a claim's framework among all options of the question or request, the greatest figure first.
-- @grain claim_id
-- @column is_complete: every option above it has a figure
with
claims as (from staging.reference__claims where measure = 'rank'),

options as (
    select
        claims.claim_id, observations.framework,
        observations.framework = claims.framework as is_f,
        case
            when observations.unit in ('index_0_100', 'percent', 'per_day') then avg(observations.value)
            else sum(observations.value)
        end as value
    from claims
    inner join intermediate.claim_populations as populations using (claim_id)
    inner join intermediate.claim_figures as slots
        on (slots.claim_id, slots.population) = (claims.claim_id, populations.population)
        and slots.slot_start = claims.period_from
    inner join intermediate.observations as observations
        on observations.source = claims.source
        and observations.series = claims.series
        and observations.grain = claims.grain
        and observations.population = populations.population
        and observations.period_start between slots.first_day and slots.last_day
    where observations.framework not in ('none', 'other', 'unlabelled')
    group by claims.claim_id, observations.framework, is_f, observations.unit
),

-- A list that leaves out options says of its upper end only who is where: down to the framework named.
listed_to as (
    select claims.claim_id, max(lists.framework) as framework
    from claims
    inner join staging.reference__partial_lists as partial using (source, series)
    left join staging.reference__partial_lists as lists
        on lists.source = claims.source
        and lists.series = claims.series
        and lists.population = claims.population
        and lists.period_start = claims.period_from
    group by claims.claim_id
),

placed as (select *, rank() over (partition by claim_id order by value desc) as place from options)

select
    placed.claim_id,
    max(place) filter (where is_f) as place,
    count(*) as option_count,
    bool_and(listed_to.claim_id is null)
        or coalesce(max(value) filter (where is_f) >= max(value) filter (where placed.framework = listed_to.framework), false)
        as is_complete,
    string_agg(placed.framework || ' ' || format('{:,}', round(value)::bigint), ', ' order by value desc) as listed
from placed
left join listed_to using (claim_id)
group by placed.claim_id
