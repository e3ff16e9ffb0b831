-- Sources that come once or twice a year and have a newer edition than the release before had.
-- @grain subject
-- @column kind: new edition
-- @column subject: source of the edition
-- @columns source, period_start, before, after, sentence
with
now_held as (
    select source, max(period_start) as period_start
    from intermediate.observations
    where grain in ('edition', 'year', 'half_year')
    group by source
),

held_before as (
    select source, max(period_start) as period_start
    from staging.history__framework_shares
    where grain in ('edition', 'year', 'half_year')
    group by source
)

select
    'new edition' as kind, now_held.source as subject, now_held.source, now_held.period_start,
    strftime(held_before.period_start, '%Y-%m') as before,
    strftime(now_held.period_start, '%Y-%m') as after,
    coalesce(status.label, now_held.source) || ' has a new edition, of ' || strftime(now_held.period_start, '%B %Y')
        || '; the newest before was of ' || strftime(held_before.period_start, '%B %Y') || '.' as sentence
from now_held
inner join held_before
    on held_before.source = now_held.source and held_before.period_start < now_held.period_start
left join staging.reference__sources as status on status.source = now_held.source
