-- Users of a framework as the articles name them; stated there, not checked by us.
-- @grain article, organisation, product, framework
-- @column organisation: company
-- @columns product
-- @column framework: framework it is said to use
-- @columns label, article, article_count, is_checked
select
    users.organisation, users.product, users.framework, frameworks.label, users.article,
    count(*) over (partition by users.organisation, users.product, users.framework) as article_count,
    false as is_checked
from staging.reference__industry_users as users
left join staging.reference__frameworks as frameworks using (framework)
order by users.user_order
