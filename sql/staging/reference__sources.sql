-- Sources, how often they bring something new, and how they want to be named.
-- @grain source
-- @column publisher: who makes it
-- @column licence: under which its figures may be passed on
-- @column reference: key of staging.reference__references for figures pulled live
-- @fail cadence_days > 0
-- @fail licence is not null and attribution is not null
-- @fail publisher_state in ('alive', 'closed', 'moved')
-- @fail (publisher_state = 'alive') = (state_since is null)
-- @fail (publisher_state = 'alive') = (state_reference is null)
-- @fail publisher_state <> 'closed' or (last_edition is not null and state_note is not null)
select
    source, label, subject, publisher, cadence_days, licence, attribution, reference, _line as source_order,
    publisher_state, last_edition, state_since, state_reference, state_note
from raw.reference_sources
