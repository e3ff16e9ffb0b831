-- Where figures come from: one row a publication or data set.
-- @grain reference
-- @column reference: key, as in marts.framework_shares
-- @column title: title
-- @column publisher: who published it
-- @column url: address
-- @column licence: as stated there
-- @column retrieved_date: day on which it was read
-- @column notes: what to know about it
select
    reference,
    title,
    publisher,
    url,
    licence,
    retrieved_date,
    notes
from staging.reference__references
