-- Where figures come from: one row per publication or data set.
-- @grain reference
select
    key as reference, title, publisher, url, licence, retrieved as retrieved_date, notes, dated as dated_date
from raw.reference_references
