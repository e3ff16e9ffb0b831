-- Frameworks, labels and answers that occur, in order of importance.
-- @grain framework
-- @column framework: id used in every table
-- @column label: name for people
-- @column framework_order: position in order of importance, 1 first
-- @column is_framework: false for answers (none, other), unlabelled and other libraries
-- @column is_compared: one of those whose pairs are worth comparing
-- @column organisation: who steers it
-- @column first_release: first day of the month where the day is unknown
-- @column successor: id of the framework that replaced it
-- @column predecessor: id of the framework that it replaced
-- @column language: languages it is written in
-- @fail label is not null
select
    framework,
    label,
    framework_order,
    is_framework,
    is_compared,
    organisation,
    first_release,
    successor,
    predecessor,
    language
from staging.reference__frameworks
order by framework_order
