-- What publishers have put right since: figures that a later release told anew, by source, with the largest change.
-- @grain source
-- @column figure_count: figures that differ from what a release before told of the same period
-- @column sentence: how many, of which periods, and the one that has changed most
with
-- A figure may have been revised several times: what it was at first, and what it is now.
revised as (
    select
        source, series, population, grain, period_start, framework,
        arg_min(value_before, revision_number) as value_first,
        arg_min(share_before_pct, revision_number) as share_first_pct,
        arg_max(value, revision_number) as value_now,
        arg_max(share_pct, revision_number) as share_now_pct,
        max(release_id) as release_id
    from marts.revisions
    group by source, series, population, grain, period_start, framework
    having value_first is distinct from value_now
),

-- Counts may be thousands and shares a few: what is compared is by how much of itself a figure has changed.
ranked as (
    select
        revised.*, coalesce(frameworks.label, revised.framework) as label,
        period_label(revised.grain, revised.period_start) as period_words,
        abs(revised.value_now - revised.value_first) / nullif(greatest(abs(revised.value_first), abs(revised.value_now)), 0)
            as part_changed
    from revised
    left join marts.frameworks as frameworks using (framework)
)

select
    source, count(*) as figure_count,
    format(
        '{:,} {} of {} {} been put right since a release first told them; the most: {} in {}, from {} to {}.',
        count(*),
        if(count(*) = 1, 'figure', 'figures'),
        array_to_string(
            list_distinct([arg_min(period_words, period_start), arg_max(period_words, period_start)]), ' to '
        ),
        if(count(*) = 1, 'has', 'have'),
        arg_max(label, (part_changed, period_start, framework)),
        arg_max(period_words, (part_changed, period_start, framework)),
        arg_max(
            coalesce(percent_words(share_first_pct), number_words(value_first)), (part_changed, period_start, framework)
        ),
        arg_max(coalesce(percent_words(share_now_pct), number_words(value_now)), (part_changed, period_start, framework))
    ) as sentence
from ranked
group by source
order by source
