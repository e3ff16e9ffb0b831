-- What changed from release to release, newest first: leaders, claims, sources and editions, as long as history is kept.
-- @grain release_id, change_order
-- @column release_id: release that said so; `this release` for the one that holds the table
-- @columns change_order, kind, subject, source, period_start, sentence, release_before
with
said as (
    select * from staging.history__changes
    union all by name
    select 'this release' as release_id, change_order, kind, subject, source, period_start, sentence, release_before
    from marts.changes
)

select release_id, change_order, kind, subject, source, period_start, sentence, release_before
from said
where kind <> 'figure revised'
union all
-- Each stands in marts.revisions, by thousands after an upgrade.
select
    release_id,
    min(change_order) as change_order,
    'figures revised' as kind, 'figures' as subject, null as source, null as period_start,
    if(count(*) = 1, 'One older figure was revised by more than its interval.',
        format('{:,} older figures were revised by more than their intervals.', count(*))) as sentence,
    any_value(release_before) as release_before
from said
where kind = 'figure revised'
group by release_id
-- Release ids begin with the year, so that `this release` sorts first.
order by release_id desc, change_order
