-- Who the articles say uses a framework: each product once, with the articles that name it.
-- @grain framework, organisation, product
-- @column framework: framework it is said to use
-- @column organisation: company
select
    users.framework, users.label, users.organisation, users.product,
    any_value(users.article_count) as article_count,
    string_agg(articles.title, '; ' order by users.article) as articles
from marts.industry_users as users
inner join pages.articles as articles using (article)
left join marts.frameworks as frameworks using (framework)
group by users.framework, users.label, users.organisation, users.product, frameworks.framework_order
order by frameworks.framework_order, users.organisation, users.product
