-- What each request's values are multiplied with to stand on the scale of the first of its kind.
-- A request that shares nothing with any other has no row: its shares count, its levels do not.
-- @grain source_file
-- @column source_file: landed file
-- @column scale: factor; 1 for the first
-- @column joint_count: joints between it and the first; the error grows with their square root
-- @fail scale > 0
with recursive

requests as (
    select * from intermediate.google_trends_requests
),

joints as (
    select * from intermediate.google_trends_joints
),

chained as (
    select
        source_file,
        1.0::double as scale,
        0::bigint as joint_count
    from requests
    where place = 1
    union all
    select
        joints.source_file,
        chained.scale * joints.factor as scale,
        chained.joint_count + 1 as joint_count
    from chained
    inner join joints on joints.hangs_on = chained.source_file
)

select
    source_file,
    scale,
    joint_count
from chained
