-- How the figure of one period changed from release to release; a figure that never changed has no row.
-- @grain source, series, population, grain, period_start, framework, release_id
-- @columns source, series, population, grain, period_start, framework
-- @column release_id: release that said so first; `this release` for the one that holds the table
-- @columns revision_number, value, base, share_pct, value_before, base_before, share_before_pct, change_points
-- @columns origin, origin_before
-- @fail revision_number >= 1
with
said as (
    select * from staging.history__revisions
    union all by name
    select
        'this release' as release_id,
        (select definitions from staging.refresh__definitions) as definitions,
        source, series, population, grain, period_start, framework, value, base, share_pct, origin
    from marts.framework_shares
    -- What no release before has said cannot have changed.
    semi join staging.history__revisions using (source, series, population, grain, period_start, framework)
),

-- Release ids begin with the year, so that `this release` sorts last. What differs by definition is no revision.
beside as (
    select
        *, row_number() over figure as appearance, lag(value) over figure as value_before,
        lag(base) over figure as base_before, lag(share_pct) over figure as share_before_pct,
        lag(origin) over figure as origin_before
    from said
    window figure as (
        partition by source, series, population, grain, period_start, framework, definitions
        order by release_id
    )
),

changed as (
    select *
    from beside
    where appearance > 1 and (value is distinct from value_before or base is distinct from base_before)
)

select
    source, series, population, grain, period_start, framework, release_id,
    row_number() over (
        partition by source, series, population, grain, period_start, framework
        order by release_id
    ) as revision_number,
    value, base, share_pct, value_before, base_before, share_before_pct,
    share_pct - share_before_pct as change_points,
    origin, origin_before
from changed
order by source, series, population, grain, period_start, framework, release_id
