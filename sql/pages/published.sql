-- Shares once read off the Papers With Code page beside ours under the definition fixed beforehand, in words.
-- @grain period_start, framework
-- @column period_start: month of the reading
-- @column published_words: share as quoted
-- @column measured_words: ours
select
    readings.period_start, readings.framework, frameworks.label, readings.population,
    percent_words(readings.published_pct) as published_words,
    percent_words(readings.measured_pct) as measured_words,
    format('{} to {}', percent_words(readings.measured_low_pct), percent_words(readings.measured_high_pct))
        as interval_words,
    format('{} of {}', number_words(readings.member_count), number_words(readings.member_total)) as count_words,
    readings.is_inside,
    percent_words(readings.then_pct) as then_words,
    percent_words(readings.newest_pct) as newest_words,
    readings.answer
from marts.published_readings as readings
inner join marts.frameworks as frameworks using (framework)
where readings.is_fixed_definition
order by readings.period_start, frameworks.framework_order
