-- Words that tell the framework of a repository, by the kind of place where they stand.
-- @grain kind, word
-- @column kind: readme, import, include, require or manifest
-- @column word: whole word or first part of a module's name, lower case
-- @column framework: our id; null where it is none
-- @column counts_for: label where the archive counted it, implied where it goes along with a framework, other if it is none
-- @column since: first day on which the word can mean it; null where that is not known
-- @column note: why it is there
-- @fail kind in ('readme', 'import', 'include', 'require', 'manifest')
-- @fail counts_for in ('label', 'implied', 'other')
-- @fail (framework is null) = (counts_for = 'other')
-- @fail word = lower(word)
select kind, word, framework, counts_for, since, note
from raw.reference_framework_words
