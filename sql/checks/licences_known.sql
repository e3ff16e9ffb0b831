-- Every licence of a reference or source has its terms in data/reference/licences.csv.
select licence, whose
from (
    select licence, 'reference ' || reference as whose from staging.reference__references
    union all
    select licence, 'source ' || source as whose from staging.reference__sources
) as stated
anti join staging.reference__licences as licences using (licence)
