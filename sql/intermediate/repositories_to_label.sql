-- Repositories whose framework we tell: a draw from the archive, and those of the papers since it ended.
-- @grain purpose, repository
-- @column month_start: first day of the month of its first paper; null where the archive's links cannot be dated
-- @column place: its turn within the label of the archive, or within the month
-- @fail (purpose = 'calibration') = (archive_framework is not null)
-- @fail purpose = 'calibration' or month_start is not null
with
links as (from staging.papers_with_code__links),
dated as (from intermediate.papers_with_code_links_dated),
after as (from intermediate.papers_after_2025_links),

-- A repository with two labels in the archive has none that ours could be held against. Grouped by numbers alone, so that
-- one address of each is looked up and taken apart, once.
labelled as (
    select min(link_id) as link_id, min(framework_order) as framework_order, min(period_start) as month_start
    from dated
    group by repository_id
    having min(framework_order) = max(framework_order)
),

archive as (
    select
        repository_key_of(repository_url) as repository_key, framework_order, month_start,
        regexp_full_match(repository_key, 'github\.com/[a-z0-9_.-]+/[a-z0-9_.-]+') as is_on_github,
        md5(repository_key) as checksum
    from labelled
    inner join links using (link_id)
),

-- By a checksum of the address within month and label: the same for everybody, and months of few links are in it too;
-- links without a month are like one month more. No more than the first 300 of one month and label can be among the first
-- 300 of the label: they are kept as they come, since sorting all of a large archive takes ten times as long. A condition
-- on the address would be moved below the join, and ask all links.
strata as (
    select
        framework_order, month_start,
        count(*) filter (where is_on_github) as stratum_count,
        min(struct_pack(checksum := checksum, repository_key := repository_key), 300) filter (where is_on_github) as firsts
    from archive
    group by framework_order, month_start
),

turns as (
    select
        coalesce(framework, 'other') as archive_framework, month_start, stratum_count,
        unnest(firsts) as one, generate_subscripts(firsts, 1) as place_in_month
    from strata
    left join staging.reference__frameworks using (framework_order)
),

labels as (
    select
        archive_framework,
        min(struct_pack(place_in_month := place_in_month, checksum := one.checksum, repository_key := one.repository_key,
            month_start := month_start, stratum_count := stratum_count), 300) as firsts
    from turns
    group by archive_framework
),

drawn as (
    select 'calibration' as purpose, archive_framework, unnest(firsts, recursive := true), generate_subscripts(firsts, 1) as place
    from labels
),

firsts as (
    select repository_key, min(period_start) as month_start
    from after
    where period_start is not null and regexp_full_match(repository_key, 'github\.com/[a-z0-9_.-]+/[a-z0-9_.-]+')
    group by repository_key
),

new as (
    select
        strftime(month_start, '%Y-%m') as purpose, repository_key, month_start,
        row_number() over (partition by month_start order by md5(repository_key), repository_key) as place
    from firsts
),

wanted as (
    select purpose, repository_key, month_start, archive_framework, stratum_count, place
    from drawn
    where place <= if(archive_framework in ('pytorch', 'tensorflow', 'none'), 300, 150)
    union all by name
    select * from new
)

select
    substr(repository_key, 12) as repository,
    purpose, month_start, archive_framework,
    stratum_count::double / count(*) over (partition by archive_framework, month_start) as stands_for,
    place
from wanted
