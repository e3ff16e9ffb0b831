-- How many papers are counted, and how many of them use each framework?
-- A paper with two frameworks is one paper and counts for each of them, so papers are the base, never the sum over
-- frameworks. Rows are not added up either: series and populations overlap, and periods of one grain are added here.
with

periods as (
    select
        source,
        series,
        population,
        grain,
        period_start,
        any_value(base) as paper_count,
        map_from_entries(list((framework, value::bigint) order by framework)) as by_framework,
        max(value) filter (where framework = 'pytorch') as pytorch_count,
        max(value) filter (where framework = 'tensorflow') as tensorflow_count
    from marts.framework_shares
    where unit = 'papers' and base is not null and grain in ('month', 'edition')
    group by source, series, population, grain, period_start
)

select
    source,
    series,
    population,
    grain,
    count(*) as period_count,
    min(period_start) as first_period,
    max(period_start) as latest_period,
    sum(paper_count)::bigint as paper_count,
    sum(pytorch_count)::bigint as pytorch_count,
    sum(tensorflow_count)::bigint as tensorflow_count
from periods
group by source, series, population, grain
order by source, series, population
