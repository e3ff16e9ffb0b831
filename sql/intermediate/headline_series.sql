-- The one series that speaks for a source on the first page: of those that may, the first with figures.
-- So the full archive of Papers With Code goes before its trends page, and that before a sample, without a hand's turn.
-- @grain source
with
listed as (from staging.reference__headline_series),
held as (select distinct source, series, population, grain from intermediate.observations)

select
    listed.source, listed.series, listed.grain, listed.kind, listed.audience,
    min(listed.headline_order) over (partition by listed.source) as headline_order
from listed
-- Where nothing is held yet, the first one stands for what will come.
qualify row_number() over (
    partition by listed.source
    order by
        exists (
            select 1 from held
            where held.source = listed.source
                and held.series = listed.series
                and held.grain = listed.grain
                and held.population = coalesce(listed.population, held.population)
        ) desc,
        listed.headline_order
) = 1
