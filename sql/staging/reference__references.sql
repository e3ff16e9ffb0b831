-- Where figures come from: one row a publication or data set.
-- @grain reference
-- @column reference: key
-- @column title: title
-- @column publisher: who published it
-- @column url: address
-- @column licence: as stated there
-- @column retrieved_date: day on which it was read
-- @column notes: what to know about it
-- @column dated_date: day on which an archive is dated: nothing in it is of later; null where the day of reading counts
select
    key as reference,
    title,
    publisher,
    url,
    licence,
    retrieved as retrieved_date,
    notes,
    dated as dated_date
from raw.reference_references
