-- The newest readings of the frameworks that are ranked: what the page weighs anew when a reader moves a weight.
-- @grain source, framework_a, framework_b
-- @column source_label: its name, and what of it is weighed
select
    readings.source, sources.label as source_label, readings.kind, readings.audience, readings.framework_a,
    readings.framework_b, readings.a_share_of_pair_pct
from marts.weighed_readings as readings
inner join marts.weighed_sources as sources using (source)
where readings.year = 'newest'
    and readings.framework_a in (select framework from marts.rank_acceptability where year = 'newest')
    and readings.framework_b in (select framework from marts.rank_acceptability where year = 'newest')
order by readings.source_order, readings.framework_a, readings.framework_b
