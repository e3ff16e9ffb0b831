-- Days across which a source's figures are not comparable.
-- @grain event_id
-- @column event_id: id
-- @column source: whose figures change; null for an event that no line here gives to a source
-- @column event_date: first day of the new figures
-- @column event: what happened
-- @fail source is not null
with

events as (
    select * from staging.reference__events where is_break
),

affected as (
    select *
    from (
        values
            ('break_google_trends_2016', 'google_trends'),
            ('break_google_trends_2022', 'google_trends'),
            ('break_pypi_collector', 'pypi_downloads'),
            ('break_pypi_half_levels', 'pypi_downloads'),
            ('break_pypi_all_installers', 'pypi_downloads'),
            ('break_pypi_calendar_months', 'pypi_downloads'),
            ('break_stack_overflow_2025', 'stack_overflow_survey')
    ) as chosen (event_id, source)
)

select
    events.event_id,
    affected.source,
    events.event_date,
    regexp_replace(events.event, '^Series break: ', '') as event
from events
left join affected on affected.event_id = events.event_id
