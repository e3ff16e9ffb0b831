-- Repositories whose framework we tell: a draw from the archive, and those of the papers since it ended.
-- @grain purpose, repository
-- @columns repository, purpose
-- @column month_start: first day of the month of its first paper; null where the archive's links cannot be dated
-- @columns archive_framework, stands_for
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
    select min(link_id) as link_id, min(framework) as archive_framework, min(period_start) as month_start
    from dated
    group by repository_id
    having min(framework) = max(framework)
),

archive as (
    select repository_key_of(repository_url) as repository_key, md5(repository_key) as checksum, archive_framework, month_start
    from labelled
    inner join links using (link_id)
),

-- By a checksum of the address within month and label: the same for everybody, and months of few links are in it too;
-- links without a month are like one month more.
turns as (
    select
        *,
        row_number() over (partition by archive_framework, month_start order by checksum) as place_in_month,
        count(*) over (partition by archive_framework, month_start) as stratum_count
    from archive
    where regexp_full_match(repository_key, 'github\.com/[a-z0-9_.-]+/[a-z0-9_.-]+')
    -- No more of one month and label can be among the first 300 of the label.
    qualify place_in_month <= 300
),

drawn as (
    select
        'calibration' as purpose, repository_key, month_start, archive_framework, stratum_count,
        row_number() over (partition by archive_framework order by place_in_month, checksum) as place
    from turns
    qualify place <= if(archive_framework in ('pytorch', 'tensorflow', 'none'), 300, 150)
),

firsts as (
    select repository_key, min(period_start) as month_start
    from after
    where period_start is not null
        and regexp_full_match(repository_key, 'github\.com/[a-z0-9_.-]+/[a-z0-9_.-]+')
    group by repository_key
),

new as (
    select
        strftime(month_start, '%Y-%m') as purpose,
        repository_key, month_start,
        row_number() over (partition by month_start order by md5(repository_key), repository_key) as place
    from firsts
),

wanted as (
    select * from drawn
    union all by name
    select * from new
)

select
    substr(repository_key, 12) as repository,
    purpose, month_start, archive_framework,
    stratum_count::double / count(*) over (partition by archive_framework, month_start) as stands_for,
    place
from wanted
