-- Which frameworks do more developers want than use?
-- The same people answered both: all rows of a Stack Overflow survey edition.
select
    year(wanted.period_start) as edition,
    wanted.framework,
    used.value::bigint as use_it,
    wanted.value::bigint as want_it,
    wanted.base as respondents,
    round(wanted.value / used.value, 2) as wanted_per_user
from marts.framework_shares as wanted
inner join marts.framework_shares as used
    on used.source = wanted.source and used.series = 'worked_with_of_rows'
    and used.population = wanted.population and used.grain = wanted.grain
    and used.period_start = wanted.period_start and used.framework = wanted.framework
where wanted.series = 'wanted' and used.value > 0
order by edition, wanted_per_user desc, wanted.framework
