-- The place of a claim's framework among all options of the question or request, the greatest figure first.
-- @grain claim_id
-- @column claim_id: claim
-- @column place: 1 for the greatest figure
-- @column option_count: options with a figure, without none, other and unlabelled
-- @column listed: the options with their figures
with

claims as (
    select * from staging.reference__claims where measure = 'rank'
),

options as (
    select
        claims.claim_id,
        observations.framework,
        observations.framework = claims.framework as is_f,
        case
            when observations.unit in ('index_0_100', 'percent', 'per_day') then avg(observations.value)
            else sum(observations.value)
        end as value
    from claims
    inner join intermediate.claim_slots as slots
        on slots.claim_id = claims.claim_id and slots.slot_start = claims.period_from
    inner join intermediate.claim_populations as populations on populations.claim_id = claims.claim_id
    inner join intermediate.observations as observations
        on observations.source = claims.source
        and observations.series = claims.series
        and observations.grain = claims.grain
        and observations.population = populations.population
        and observations.period_start between slots.first_day and slots.last_day
    where observations.framework not in ('none', 'other', 'unlabelled')
    group by claims.claim_id, observations.framework, is_f, observations.unit
),

placed as (
    select
        *,
        rank() over (partition by claim_id order by value desc) as place
    from options
)

select
    claim_id,
    max(place) filter (where is_f) as place,
    count(*) as option_count,
    string_agg(framework || ' ' || format('{:,}', round(value)::bigint), ', ' order by value desc) as listed
from placed
group by claim_id
