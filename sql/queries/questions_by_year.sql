-- How many Stack Overflow questions does each framework get in a year?
-- A year with fewer than 12 months in our data says so: do not compare it with a whole one.
select
    year(period_start) as year,
    framework,
    count(*) as months,
    sum(value)::bigint as questions
from marts.framework_shares
where source = 'stack_overflow_questions' and series = 'questions_by_month' and grain = 'month'
group by year, framework
order by year, questions desc
