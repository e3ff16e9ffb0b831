-- Users of a framework as the articles name them, not checked.
-- @grain article, organisation, product, framework
-- @column organisation: company
-- @column framework: framework it is said to use
select product, organisation, framework, article, _line as user_order
from raw.reference_industry_users
