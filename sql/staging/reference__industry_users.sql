-- Users of a framework as the articles name them, not checked.
-- @grain article, organisation, product, framework
-- @column product: product or activity
-- @column organisation: company
-- @column framework: framework it is said to use
-- @column article: file name of the article
-- @column user_order: position in the table
select
    product,
    organisation,
    framework,
    article,
    _line as user_order
from raw.reference_industry_users
