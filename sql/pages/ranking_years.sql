-- The ranking year by year when all sources count alike, and how often each framework is first however they are weighed.
-- @grain year, framework
-- @column year: the year, or newest: the newest twelve months of each source
-- @column place: number of the column, 1 first
-- @column rank: place when all sources count alike, 1 first
-- @column source_count: sources that are weighed in the year
-- @column sentence: who led the year under how many weightings; in the row of the first alone
with
ranks as (from marts.preset_ranks where preset = 'equal')

select
    ranks.year,
    if(ranks.year = 'newest', 'Newest', ranks.year) as year_label,
    dense_rank() over (order by ranks.year) as place,
    ranks.framework, frameworks.label, ranks.rank, ranks.leads_pct, ranks.source_count, ranks.kind_count,
    if(ranks.leads_pct = max(ranks.leads_pct) over (partition by ranks.year),
        format('{} {} {} under {} of {}', if(ranks.year = 'newest', 'In the newest readings', 'In ' || ranks.year),
            frameworks.label, if(ranks.year = 'newest', 'leads', 'led'), weightings_words(ranks.leads_pct),
            weighed_words(ranks.source_count)),
        null) as sentence
from ranks
inner join marts.frameworks as frameworks using (framework)
order by ranks.year, ranks.rank
