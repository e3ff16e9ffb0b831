-- How we label the repositories of the archive's draw, beside what the archive said, in the classes that are corrected.
-- @grain theirs, ours
-- @column theirs: class of the archive's label: pytorch, tensorflow, none, or other for all rarer ones
-- @column repository_count: repositories of the draw with both; 0 where none has
with
pairs as (from intermediate.detection_pairs),
classes as (select unnest(['pytorch', 'tensorflow', 'none', 'other']) as class),

counted as (
    select
        if(theirs in ('pytorch', 'tensorflow', 'none'), theirs, 'other') as theirs,
        if(ours in ('pytorch', 'tensorflow', 'none'), ours, 'other') as ours,
        sum(repository_count) as repository_count
    from pairs
    where ours <> 'undecided'
    group by
        if(theirs in ('pytorch', 'tensorflow', 'none'), theirs, 'other'),
        if(ours in ('pytorch', 'tensorflow', 'none'), ours, 'other')
)

select
    theirs.class as theirs, ours.class as ours,
    coalesce(counted.repository_count, 0)::bigint as repository_count
from classes as theirs
cross join classes as ours
left join counted on counted.theirs = theirs.class and counted.ours = ours.class
