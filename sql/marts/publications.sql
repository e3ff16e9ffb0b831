-- Where figures come from: one row per publication or data set.
-- @grain reference
-- @columns reference, title, publisher, url, licence, retrieved_date, notes
select reference, title, publisher, url, licence, retrieved_date, notes
from staging.reference__references
