-- Who had more, beyond chance, in the newest figures of most sources of each kind of evidence.
-- What the sources of an audience say together is weighed, not counted: pages.audience_verdicts.
-- @grain kind, framework_a, framework_b
-- @column source_count: sources with figures of both
-- @column leader: that one; null where both had more in as many
-- @column words: the same in words
-- @fail most_count <= source_count and words is not null
with
counted as (
    select
        kind, framework_a, framework_b,
        count(*) as source_count,
        count(*) filter (where leader = framework_a) as a_count,
        count(*) filter (where leader = framework_b) as b_count,
        greatest(a_count, b_count) as most_count,
        case when a_count > b_count then framework_a when b_count > a_count then framework_b end as leader
    from pages.sentences
    where is_headline
    group by kind, framework_a, framework_b
)

select
    counted.kind, counted.framework_a, counted.framework_b, counted.source_count, counted.most_count, counted.leader,
    case
        when most_count = 0 then format('neither {} nor {} had more beyond chance', a.label, b.label)
        when leader is null
            then format('{} and {} each had more in {} of {} sources', a.label, b.label, most_count, source_count)
        else format('{} had more in {}', if(leader = counted.framework_a, a.label, b.label),
            if(source_count = 1, 'the one source', format('{} of {} sources', most_count, source_count)))
    end as words
from counted
inner join marts.frameworks as a on a.framework = counted.framework_a
inner join marts.frameworks as b on b.framework = counted.framework_b
