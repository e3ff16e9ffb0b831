-- Repositories with the framework that we tell, and why: the last that were committed to, three of each label.
-- @grain repository
-- @column label: name of the framework
select
    labels.repository, labels.framework,
    coalesce(frameworks.label, 'Undecided') as label,
    labels.rule, labels.path, main.label as main_label, labels.committed_at::date as committed_date
from marts.repository_frameworks as labels
left join marts.frameworks as frameworks using (framework)
left join marts.frameworks as main on main.framework = labels.main_framework
qualify row_number() over (partition by labels.framework order by labels.committed_at desc nulls last, labels.repository) <= 3
order by frameworks.framework_order nulls last, labels.committed_at desc, labels.repository
