-- The framework of each repository that we looked into, as Papers With Code would have labelled it, and why.
-- @grain repository
-- @columns repository
-- @column framework: label as the archive would give it, our id; none where nothing is found, undecided where nothing could be read
-- @columns main_framework, implied_frameworks, rule, path, commit, committed_at, created_at, now_named
-- @columns is_calibration, origin
-- @fail framework is not null
with
labels as (from intermediate.repository_labels),
readings as (from intermediate.repository_readings),
landings as (from staging.refresh__landings),

calibrated as (
    select distinct repository from intermediate.repositories_to_label where purpose = 'calibration'
)

select
    labels.repository, labels.framework, labels.main_framework, labels.implied_frameworks, labels.rule, labels.path,
    readings.said.commit as commit,
    try_cast(readings.said.committed_at as timestamptz)::timestamp as committed_at,
    try_cast(readings.said.created_at as timestamptz)::timestamp as created_at,
    if(lower(readings.said.name) <> readings.repository, readings.said.name, null) as now_named,
    calibrated.repository is not null as is_calibration,
    landings.origin
from labels
inner join readings using (repository)
inner join landings on landings.source_file = readings.source_file
left join calibrated using (repository)
order by labels.repository
