-- What the comparison articles conclude, one row per article and criterion.
-- @grain article, criterion
-- @column article: file name of the article
-- @column article_year: year in which it appeared; null where it is undated
-- @column criterion: what is compared
-- @column favoured: framework that it prefers, or tie
-- @column paraphrase: its reason, in our words
-- @column verdict_order: position in the table
select
    article,
    year as article_year,
    criterion,
    favoured,
    paraphrase,
    _line as verdict_order
from raw.reference_article_verdicts
