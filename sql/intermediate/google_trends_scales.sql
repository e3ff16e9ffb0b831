-- Each request of a kind, and what its values are multiplied with to stand on the scale of the first of its kind.
-- A request hangs on the first; where they share nothing, on the one before it with which it shares most. One that shares
-- nothing with any other has no scale: its shares count, its levels do not.
-- @grain source_file
-- @column place: 1 for the newest request that holds the most important framework of its kind
-- @fail scale is null or scale > 0
with recursive
buckets as (from intermediate.google_trends_buckets),

requests as (
    select
        source_file, is_import, series, population, grain,
        array_to_string(list_sort(list(distinct framework)), '+') as frameworks,
        row_number() over (
            partition by is_import, series, population, grain
            order by min(framework_order), max(period_start) desc, max(retrieved_date) desc, source_file desc
        ) as place
    from buckets group by source_file, is_import, series, population, grain
),

firsts as (from requests where place = 1),

-- What both hold, over the buckets and frameworks that they share.
to_first as (
    select
        b.source_file, a.source_file as hangs_on, count(*) as shared_count,
        sum(a.value_index) / sum(b.value_index) as factor
    from requests
    inner join firsts using (is_import, series, population, grain)
    inner join buckets as b on b.source_file = requests.source_file
    inner join buckets as a
        on a.source_file = firsts.source_file
        and a.period_start = b.period_start
        and a.framework = b.framework
    where requests.place > 1
    group by b.source_file, a.source_file
    having sum(a.value_index) > 0 and sum(b.value_index) > 0
),

to_another as (
    select
        b.source_file, a.source_file as hangs_on, count(*) as shared_count,
        sum(a.value_index) / sum(b.value_index) as factor
    from requests
    anti join to_first using (source_file)
    inner join requests as before using (is_import, series, population, grain)
    inner join buckets as b on b.source_file = requests.source_file
    inner join buckets as a
        on a.source_file = before.source_file
        and a.period_start = b.period_start
        and a.framework = b.framework
    where requests.place > 1 and before.place < requests.place
    group by b.source_file, a.source_file
    having sum(a.value_index) > 0 and sum(b.value_index) > 0
),

joints as (
    select
        source_file, max_by(hangs_on, (shared_count, hangs_on)) as hangs_on,
        max_by(factor, (shared_count, hangs_on)) as factor
    from (from to_first union all from to_another)
    group by source_file
),

chained as (
    select source_file, 0::bigint as joint_count, 1.0::double as scale
    from firsts
    union all
    select
        joints.source_file, chained.joint_count + 1 as joint_count,
        chained.scale * joints.factor as scale
    from chained
    inner join joints on joints.hangs_on = chained.source_file
)

select
    requests.source_file, requests.frameworks, requests.place, joints.hangs_on, chained.joint_count, chained.scale
from requests
left join joints using (source_file)
left join chained using (source_file)
