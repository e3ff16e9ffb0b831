-- What the comparison articles conclude, one row per article and criterion.
-- @grain article, criterion
select article, year as article_year, criterion, favoured, paraphrase, _line as verdict_order
from raw.reference_article_verdicts
