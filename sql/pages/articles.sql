-- The articles that claims, verdicts and lists of users come from, with their titles.
-- @grain article
-- @column title: its title; its name where no reference tells it
-- @column url: its address; null where it is not known
with
articles as (
    select article from marts.claims
    union
    select article from marts.verdicts
    union
    select article from marts.industry_users
)

select articles.article, coalesce(found.title, articles.article) as title, found.url
from articles
left join marts.publications as found on found.reference = articles.article or contains(found.notes, articles.article)
qualify row_number() over (partition by articles.article order by found.reference = articles.article desc, found.reference) = 1
