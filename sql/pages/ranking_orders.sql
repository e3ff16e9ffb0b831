-- How typical the beginning of an order is: the first framework alone, and the first three, with how many weightings.
-- @grain first_places
-- @column first_places: ids of the first, or of the first three, in order, joined by >
-- @column words: under how many weightings they are that
select first_places, weightings_words(acceptability_pct) as words
from marts.rank_orders
union all
select framework as first_places, weightings_words(acceptability_pct) as words
from marts.rank_acceptability
where year = 'newest' and rank = 1
order by first_places
