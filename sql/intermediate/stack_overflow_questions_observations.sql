-- Questions with the tag of a framework by month, in the schema that all sources share.
-- Only months that are over count.
-- @grain period_start, framework
-- @fail value >= 0
with
-- Of several answers about a month the newest; questions are deleted, so an older one may hold more.
months as (
    select *
    from staging.stack_overflow_questions__months
    where is_over
    qualify row_number() over (partition by tag, month_start order by asked_at desc) = 1
),

frameworks as (from staging.reference__frameworks),
embedded as (from staging.reference__observations where source = 'stack_overflow_questions'),

-- A zero before the framework existed is no figure; questions asked before its release are.
beginnings as (
    select
        frameworks.framework,
        least(
            date_trunc('month', frameworks.first_release)::date,
            min(months.month_start) filter (where months.question_count > 0)
        ) as first_month
    from frameworks
    inner join months on months.tag = frameworks.stack_overflow_tag
    group by frameworks.framework, frameworks.first_release
),

figures as (
    select frameworks.framework, months.*
    from months
    inner join frameworks on frameworks.stack_overflow_tag = months.tag
    inner join beginnings on beginnings.framework = frameworks.framework
    where months.month_start >= beginnings.first_month
),

-- While the first fill is under way, a month that the embedded table tells of more frameworks stays as it is there.
held_back as (
    select distinct embedded.period_start
    from embedded
    anti join figures
        on figures.month_start = embedded.period_start
        and figures.framework = embedded.framework
)

select
    'stack_overflow_questions' as source, 'questions_by_month' as series, 'tagged questions' as population,
    'month' as grain, figures.month_start as period_start, figures.framework, figures.question_count::double as value,
    null::bigint as base, 'questions' as unit, 'full' as quality, 'stack_exchange_api' as reference,
    -- One file per month, so that all its frameworks have one origin and are used together.
    arg_max(figures.source_file, figures.asked_at) over (partition by figures.month_start) as source_file
from figures
anti join held_back on held_back.period_start = figures.month_start
