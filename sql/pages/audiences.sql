-- For each kind of reader and pair, who is ahead in the newest figures of most sources that speak to them.
-- @grain audience, framework_a, framework_b
-- @column audience: research, industry or learners
-- @column framework_a: the one that stands first in frameworks.csv
-- @column framework_b: the other
-- @column source_count: sources with figures of both
-- @column most_count: sources that have the same one ahead
-- @column leader: that one; null where both are ahead in as many
-- @fail most_count <= source_count
select
    audience,
    framework_a,
    framework_b,
    count(*) as source_count,
    greatest(count(*) filter (where leader = framework_a), count(*) filter (where leader = framework_b)) as most_count,
    case sign(count(*) filter (where leader = framework_a) - count(*) filter (where leader = framework_b))
        when 1 then framework_a
        when -1 then framework_b
    end as leader
from pages.sentences
where is_headline
group by audience, framework_a, framework_b
