-- Users of a framework as the articles name them; stated there, not checked by us.
-- @grain article, organisation, product, framework
-- @column organisation: company
-- @column product: product or activity
-- @column framework: framework it is said to use
-- @column label: its name
-- @column article: file name of the article that says so
-- @column article_count: articles that name the same product and framework
-- @column is_checked: false: nobody checked these statements
select
    users.organisation,
    users.product,
    users.framework,
    frameworks.label,
    users.article,
    count(*) over (partition by users.organisation, users.product, users.framework) as article_count,
    false as is_checked
from staging.reference__industry_users as users
left join staging.reference__frameworks as frameworks on frameworks.framework = users.framework
order by users.user_order
