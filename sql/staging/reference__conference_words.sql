-- Words that were searched for in the text of conference papers, and what each one stands for.
-- @grain word
-- @column word: lower case
-- @column framework: framework that it names; null for the others
-- @column is_affiliation: it tells of an author at Google or Facebook
-- @fail is_affiliation is not null
select
    word,
    framework,
    is_affiliation
from raw.reference_conference_words
