-- Sources, how often they bring something new, and how they want to be named.
-- @grain source
-- @column source: name in every table
-- @column label: name for people
-- @column subject: what it speaks of, within a sentence
-- @column publisher: who makes it
-- @column cadence_days: days within which a confirmed landing counts as live
-- @column licence: under which its figures may be passed on
-- @column attribution: what to print beside a chart
-- @column reference: key of staging.reference__references for figures pulled live
-- @column source_order: position for lists
-- @column publisher_state: alive, closed (it ended, or no longer asks) or moved (another source carries it on)
-- @column last_edition: first day of the last edition or period that has the question; null while it goes on
-- @column state_since: day from which the source is closed or has moved; null while it is alive
-- @column state_reference: key of staging.reference__references for that; null while it is alive
-- @column state_note: what a reader should know of it; null where there is nothing to say
-- @fail cadence_days > 0
-- @fail licence is not null and attribution is not null
-- @fail publisher_state in ('alive', 'closed', 'moved')
-- @fail (publisher_state = 'alive') = (state_since is null)
-- @fail (publisher_state = 'alive') = (state_reference is null)
-- @fail publisher_state <> 'closed' or last_edition is not null
select
    source,
    label,
    subject,
    publisher,
    cadence_days,
    licence,
    attribution,
    reference,
    _line as source_order,
    publisher_state,
    last_edition,
    state_since,
    state_reference,
    state_note
from raw.reference_sources
