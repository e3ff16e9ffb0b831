-- From which publications do the figures of each source come?
-- Cite these; the address is where we read them.
select
    shares.source,
    shares.reference,
    shares.quality,
    count(*) as figures,
    max(sources.title) as title,
    max(sources.publisher) as publisher,
    max(sources.url) as url
from marts.framework_shares as shares
left join marts.publications as sources on sources.reference = shares.reference
group by shares.source, shares.reference, shares.quality
order by shares.source, figures desc, shares.reference, shares.quality
