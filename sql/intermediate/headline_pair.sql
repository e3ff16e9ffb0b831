-- The two frameworks of the first page: the first two compared ones in order of importance.
-- @grain framework_a, framework_b
with
ranked as (
    select framework, label, row_number() over (order by framework_order) as place
    from staging.reference__frameworks
    where is_compared
)

select a.framework as framework_a, b.framework as framework_b, a.label as label_a, b.label as label_b
from ranked as a
inner join ranked as b on b.place = 2
where a.place = 1
