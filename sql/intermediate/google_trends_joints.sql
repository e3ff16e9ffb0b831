-- How each request hangs on another one: the sums of what both hold, over the buckets and frameworks they share.
-- A request hangs on the first of its kind; where they share nothing, on the one before it with which it shares most.
-- @grain source_file
-- @column source_file: request to be scaled
-- @column hangs_on: request that it is scaled to
-- @column shared_count: whole buckets of a framework that both hold
-- @column factor: sum of the values of hangs_on over the sum of its own; of two groups only the anchor is shared
-- @fail factor > 0
with

requests as (
    select * from intermediate.google_trends_requests
),

buckets as (
    select * from intermediate.google_trends_buckets
),

firsts as (
    select * from requests where place = 1
),

to_first as (
    select
        b.source_file,
        a.source_file as hangs_on,
        count(*) as shared_count,
        sum(a.value_index) as a_sum,
        sum(b.value_index) as b_sum
    from requests as request
    inner join firsts
        on firsts.is_import = request.is_import
        and firsts.series = request.series
        and firsts.population = request.population
        and firsts.grain = request.grain
    inner join buckets as b on b.source_file = request.source_file
    inner join buckets as a
        on a.source_file = firsts.source_file
        and a.period_start = b.period_start
        and a.framework = b.framework
    where request.place > 1
    group by b.source_file, a.source_file
    having sum(a.value_index) > 0 and sum(b.value_index) > 0
),

others as (
    select requests.*
    from requests
    anti join to_first on to_first.source_file = requests.source_file
    where requests.place > 1
),

to_another as (
    select
        b.source_file,
        a.source_file as hangs_on,
        count(*) as shared_count,
        sum(a.value_index) as a_sum,
        sum(b.value_index) as b_sum
    from others
    inner join requests as before
        on before.is_import = others.is_import
        and before.series = others.series
        and before.population = others.population
        and before.grain = others.grain
        and before.place < others.place
    inner join buckets as b on b.source_file = others.source_file
    inner join buckets as a
        on a.source_file = before.source_file
        and a.period_start = b.period_start
        and a.framework = b.framework
    group by b.source_file, a.source_file
    having sum(a.value_index) > 0 and sum(b.value_index) > 0
)

select
    source_file,
    max_by(hangs_on, (shared_count, hangs_on)) as hangs_on,
    max(shared_count) as shared_count,
    max_by(a_sum / b_sum, (shared_count, hangs_on)) as factor
from (
    select * from to_first
    union all
    select * from to_another
)
group by source_file
