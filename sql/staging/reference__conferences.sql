-- Conferences of the mention counts, with the prefix of their lists and the month that dates an edition.
-- @grain prefix
-- @column prefix: start of the file name of a list; several may belong to one conference
-- @fail month between 1 and 12
select prefix, conference, month
from raw.reference_conferences
