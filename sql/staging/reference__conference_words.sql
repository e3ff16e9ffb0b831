-- Words that were searched for in the text of conference papers, and what each one stands for.
-- @grain word
-- @column framework: framework that it names; null for the others
-- @fail is_affiliation is not null
select word, framework, is_affiliation
from raw.reference_conference_words
