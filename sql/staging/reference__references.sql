-- Where figures come from: one row a publication or data set.
-- @grain reference
-- @column reference: key
-- @column title: title
-- @column publisher: who published it
-- @column url: address
-- @column licence: as stated there
-- @column retrieved_date: day on which it was read
-- @column notes: what to know about it
select
    key as reference,
    title,
    publisher,
    url,
    licence,
    retrieved as retrieved_date,
    notes
from raw.reference_references
