-- The populations that decide each claim: those it names, all for pooled, else the best ranked one with data.
-- @grain claim_id, population
with
claims as (
    select
        *,
        if(measure = 'first_lead', null, 1 + (period_to is not null)::integer) as slots_needed,
        string_split(population, '|') as populations_named
    from staging.reference__claims
    where source <> 'events'
),

held as (
    select claim_id, population, count(*) as slot_count
    from intermediate.claim_figures
    where is_complete
    group by claim_id, population
),

eligible as (
    select
        claims.claim_id, claims.measure, claims.population as population_words, claims.populations_named,
        held.population, series.rank as population_rank,
        row_number() over (partition by claims.claim_id order by series.rank, held.population) as place
    from claims
    inner join held using (claim_id)
    inner join intermediate.series_populations as series
        on (series.source, series.series, series.grain) = (claims.source, claims.series, claims.grain)
        and series.population = held.population
    where held.slot_count = coalesce(claims.slots_needed, held.slot_count)
),

chosen as (
    select *, count(*) over (partition by claim_id) as chosen_count
    from eligible
    where
        case
            when population_words = 'pooled' or measure = 'min_over_populations' and population_words is null then true
            when population_words is null then place = 1
            else list_contains(populations_named, population)
        end
)

select
    claim_id, population, population_rank,
    population_words is null or population_words = 'pooled' or chosen_count = len(populations_named) as is_enough
from chosen
