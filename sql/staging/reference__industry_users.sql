-- Users of a framework as the articles name them, not checked.
-- @grain article, organisation, product, framework
-- @columns product
-- @column organisation: company
-- @column framework: framework it is said to use
-- @columns article, user_order
select product, organisation, framework, article, _line as user_order
from raw.reference_industry_users
