-- A key that a row uses stands in the table of its kind: correct the row, or add the key to that table of data/reference.
with
used as (
    select distinct 'source' as kind, source as key, 'figures of ' || series as used_by from intermediate.observations
    union
    select 'source', source, 'series.csv' from staging.reference__series
    union
    select 'source', source, 'headline_series.csv' from staging.reference__headline_series
    union
    select 'source', source, 'events.csv' from staging.reference__events
    union
    select 'source', source, 'claims.csv' from staging.reference__claims where source <> 'events'
    union
    select 'source', source, 'redistribution.csv' from staging.reference__redistribution where source <> 'events'
    union
    select 'redistribution', source, 'sources.csv' from staging.reference__sources
    union
    select 'series', concat_ws(' ', source, series), 'figures' from intermediate.observations
    union
    select 'series', concat_ws(' ', source, series), 'headline_series.csv' from staging.reference__headline_series
    union
    select 'series', concat_ws(' ', source, series), 'events.csv' from staging.reference__events where series is not null
    union
    select 'series', concat_ws(' ', source, series), 'claims.csv' from staging.reference__claims where source <> 'events'
    union
    select 'framework', framework, 'figures of ' || source from intermediate.observations
    union
    select 'framework', unnest([successor, predecessor]), 'frameworks.csv' from staging.reference__frameworks
    union
    select 'framework', framework, 'framework_names.csv' from staging.reference__framework_names
    union
    select 'framework', framework, 'conference_words.csv' from staging.reference__conference_words
    union
    select 'framework', framework, 'events.csv' from staging.reference__events
    union
    select 'framework', framework, 'industry_users.csv' from staging.reference__industry_users
    union
    select 'framework', unnest([framework, framework_b]), 'claims.csv' from staging.reference__claims
    union
    select 'reference', reference, 'figures of ' || source from intermediate.observations
    union
    select 'reference', unnest([reference, state_reference]), 'sources.csv' from staging.reference__sources
    union
    select 'reference', reference, 'events.csv' from staging.reference__events
    union
    select 'reference', reference, 'left_out.csv' from staging.reference__left_out
    union
    select 'reference', first_release_reference, 'frameworks.csv' from staging.reference__frameworks
),

known as (
    select 'source' as kind, source as key from staging.reference__sources
    union
    select 'series', concat_ws(' ', source, series) from staging.reference__series
    union
    select 'framework', framework from staging.reference__frameworks
    union
    select 'reference', reference from staging.reference__references
    union
    select 'redistribution', source from staging.reference__redistribution
)

select
    used.kind || ' ' || used.key as missing_key,
    used.used_by,
    if(used.kind in ('series', 'redistribution'), used.kind, used.kind || 's') || '.csv' as expected_in
from used
anti join known using (kind, key)
where used.key is not null
order by missing_key, used.used_by
