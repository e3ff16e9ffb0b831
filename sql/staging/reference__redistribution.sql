-- Whether the figures of a source may be passed on.
-- @grain source
-- @column source: who publishes the figures
-- @column redistribution: yes, figures only or no
-- @column reason: why
-- @fail redistribution in ('yes', 'figures only', 'no')
select
    source,
    redistribution,
    reason
from raw.reference_redistribution
