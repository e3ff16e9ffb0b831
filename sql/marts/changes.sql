-- What differs from the previous release: leaders and since when, claims, sources, newest figures, and revised ones.
-- @grain change_order
-- @columns change_order
-- @column kind: leader, date of a lead or definitions changed, claim broke or changed, source went stale or came back, new
--   period or edition, figure or newest figures revised, or first release
-- @column subject: id of the claim, or source with what identifies the figures
-- @column source: whose figures; null for claims
-- @column period_start: period concerned; null where it is not about one
-- @column before: what the previous release said
-- @column after: what this one says
-- @columns sentence, release_before
with
editions as (
    select source, grain, period_start as now_held, null as held_before from intermediate.observations
    union all
    select source, grain, null, period_start from staging.history__framework_shares
),

-- Sources that come once or twice a year and have a newer edition than the previous release had.
new_editions as (
    select
        'new edition' as kind, source as subject, source, max(now_held) as period_start,
        strftime(max(held_before), '%Y-%m') as before,
        strftime(max(now_held), '%Y-%m') as after,
        format('{} has a new edition, of {}; the newest before was of {}.', coalesce(any_value(label), source),
            strftime(max(now_held), '%B %Y'), strftime(max(held_before), '%B %Y')) as sentence
    from editions
    left join staging.reference__sources using (source)
    where grain in ('edition', 'year', 'half_year')
        and source not in (select source from marts.pair_changes where kind = 'new edition')
    group by source
    having max(held_before) < max(now_held)
),

-- What an upgrade of the program has changed by itself, as one change; empty where the previous release was of this version.
definition_changes as (
    select
        'definitions changed' as kind, release_before as subject,
        number_words(figure_count) || ' figures' as before,
        number_words(changed_count) || ' that read differently' as after,
        if(changed_count = 0,
            format('A newer version of the program made this release; all {:,} figures of {} read the same by it.', figure_count,
                release_before),
            format('Definitions changed: a newer version made this release; {:,} of {:,} figures of {} read differently by it.',
                changed_count, figure_count, release_before)) as sentence
    from staging.refresh__definitions
    where release_before is not null
),

claims as (
    select
        if(broken.claim_id is not null, 'claim broke', 'claim changed') as kind,
        now_said.claim_id as subject, null::varchar as source, null::date as period_start, said.verdict as before,
        now_said.verdict as after,
        format('{}: "{}" was {} in the previous release and is {} in this one.',
            if(broken.claim_id is null, 'A claim is judged anew', 'A claim broke'), now_said.statement, said.verdict,
            now_said.verdict) as sentence
    from marts.claims as now_said
    inner join staging.history__claims as said using (claim_id)
    left join marts.broken_claims as broken on broken.claim_id = now_said.claim_id and broken.is_new
    where said.verdict <> now_said.verdict
),

sources as (
    select
        if(was.origin = 'live', 'source went stale', 'source came back') as kind,
        now_is.source as subject, now_is.source, null::date as period_start,
        coalesce(was.origin, 'nothing') as before,
        coalesce(now_is.origin, 'nothing') as after,
        format(if(was.origin = 'live', '{} was not confirmed within its rhythm: its figures are older ones now ({}).',
            '{} answers within its rhythm: its figures are {} now.'), now_is.label, after) as sentence
    from marts.source_status as now_is
    inner join staging.history__source_status as was using (source)
    where coalesce(was.origin = 'live', false) <> coalesce(now_is.origin = 'live', false)
),

-- Without an interval a figure may move by 2 points of an index or a percent, else by 5 percent of itself.
revised as (
    select
        'figure revised' as kind,
        concat_ws(' ', now_is.source, now_is.series, now_is.population, now_is.framework, now_is.grain) as subject,
        now_is.source, now_is.period_start,
        coalesce(percent_words(was.share_pct), number_words(was.value)) as before,
        coalesce(percent_words(now_is.share_pct), number_words(now_is.value)) as after
    from marts.framework_shares as now_is
    inner join staging.history__framework_shares as was using (source, series, population, grain, period_start, framework)
    where
        case
            when was.share_low_pct is not null
                then now_is.share_pct not between was.share_low_pct - 1e-9 and was.share_high_pct + 1e-9
            when was.unit in ('index_0_100', 'percent') then is_news_in_points(now_is.value, was.value)
            else abs(now_is.value - was.value) > 0.05 * was.value
        end
),

-- One row, so that no reader looks for what is not there.
first_release as (
    select
        'first release' as kind, 'release' as subject,
        'This is the first release: there is nothing to compare it with yet.' as sentence
    where not exists (from staging.history__source_status)
),

changes as (
    select *, 0 as weight from first_release
    union all by name
    select *, 1 as weight from claims where kind = 'claim broke'
    union all by name
    select * from marts.pair_changes
    union all by name
    select *, 3 as weight from claims where kind <> 'claim broke'
    union all by name
    select *, 4 as weight from sources
    union all by name
    select *, 4 as weight from new_editions
    union all by name
    select *, 5 as weight from revised
    union all by name
    -- After an upgrade all else is compared by the new definitions on both sides.
    select *, 6 as weight from definition_changes
)

select
    row_number() over (order by weight, subject, period_start) as change_order,
    kind, subject, source, period_start, before, after,
    coalesce(sentence, upper(left(kind, 1)) || substr(kind, 2) || ': ' || subject
        || coalesce(strftime(period_start, ', %Y-%m-%d'), '') || ', from ' || before || ' to ' || after || '.')
        as sentence,
    (select max(release_id) from staging.history__source_status) as release_before
from changes
