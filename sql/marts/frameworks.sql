-- Frameworks, labels and answers that occur, in order of importance.
-- @grain framework
-- @columns framework, label, framework_order, is_framework, is_compared, is_deep_learning, organisation
-- @columns first_release, successor, predecessor, language
-- @fail label is not null
select
    framework, label, framework_order, is_framework, is_compared, is_deep_learning, organisation, first_release,
    successor, predecessor, language
from staging.reference__frameworks
order by framework_order
