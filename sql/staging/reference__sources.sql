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
-- @fail cadence_days > 0
-- @fail licence is not null and attribution is not null
select
    source,
    label,
    subject,
    publisher,
    cadence_days,
    licence,
    attribution,
    reference,
    _line as source_order
from raw.reference_sources
