-- What the words of each licence come down to, for references and for sources.
-- @grain licence
-- @fail strictness >= 1
select licence, terms, strictness
from raw.reference_licences
