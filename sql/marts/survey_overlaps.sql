-- Respondents of a survey with several answers who named one of two frameworks only, or both: who leads, by McNemar's test.
-- @grain source, series, population, period_start, framework_a, framework_b
-- @columns source, series, population, period_start, framework_a, framework_b, only_a_count, both_count
-- @columns only_b_count, either_count, only_a_pct, both_pct, only_b_pct, z
-- @column leader: the one that more respondents named alone; null where z lies within 1.96
-- @column sentence: the three shares in words
-- @fail abs(only_a_pct + both_pct + only_b_pct - 100) < 1e-9
select
    held.source, held.series, held.population, held.period_start, held.framework_a, held.framework_b,
    held.only_a_count, held.both_count, held.only_b_count,
    held.only_a_count + held.both_count + held.only_b_count as either_count,
    100 * held.only_a_count / either_count as only_a_pct,
    100 * held.both_count / either_count as both_pct,
    100 * held.only_b_count / either_count as only_b_pct,
    mcnemar_z(held.only_a_count, held.only_b_count) as z,
    case when z > 1.96 then held.framework_a when z < -1.96 then held.framework_b end as leader,
    overlap_words(a.label, b.label, held.only_a_count, held.both_count, held.only_b_count) as sentence
from staging.reference__survey_overlaps as held
inner join staging.reference__frameworks as a on a.framework = held.framework_a
inner join staging.reference__frameworks as b on b.framework = held.framework_b
where held.only_a_count + held.both_count + held.only_b_count > 0
