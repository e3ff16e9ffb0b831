-- Newest answers of the lists of paperswithcode.co and Hugging Face Papers, as they came.
-- @grain population, list_part, address
with
answers as (from raw.papers_after_2025_answers where kind = 'papers'),

-- Days that were asked again are told anew as a whole.
newest as (select subject, part, max(asked_at) as asked_at from answers group by subject, part)

select
    answers.subject as population, answers.part as list_part, answers.address, answers.body, answers.asked_at,
    answers._source_file as source_file
from answers
semi join newest using (subject, part, asked_at)
