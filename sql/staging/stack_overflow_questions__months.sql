-- Questions with a tag in a month, as told at a refresh; a month that was still running then is not over in its figure.
-- @grain tag, month_start, asked_at
-- @column is_over: the month had ended when we asked
-- @fail question_count >= 0
select
    subject as tag,
    (part || '-01')::date as month_start,
    asked_at,
    (body::json ->> 'total')::bigint as question_count,
    asked_at >= (part || '-01')::date + interval 1 month as is_over,
    _source_file as source_file
from raw.stack_overflow_questions_answers
where kind = 'month'
qualify row_number() over (partition by subject, part, asked_at order by _source_file desc) = 1
