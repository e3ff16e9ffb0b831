-- Whether the figures of a source may be passed on.
-- @grain source
-- @fail redistribution in ('yes', 'figures only', 'no')
select source, redistribution, reason
from raw.reference_redistribution
