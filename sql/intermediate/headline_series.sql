-- The one series that speaks for a source on the first page: what it counts is closest to plain use.
-- @grain source
-- @column source: who publishes the figures
-- @column series: what is counted over which base
-- @column grain: length of the period
-- A source without a line here has no headline: choose its series with care.
select
    source,
    series,
    grain
from (
    values
        ('papers_with_code', 'links_known', 'quarter'),
        ('conference_papers', 'mentions_unique_live', 'edition'),
        ('google_trends', 'search_terms', 'month'),
        ('stack_overflow_survey', 'worked_with_of_answers', 'edition'),
        ('kaggle_survey', 'ml_frameworks_used', 'edition'),
        ('python_developers_survey', 'data_science_frameworks_published', 'edition'),
        ('pypi_downloads', 'downloads_per_day', 'month'),
        ('stack_overflow_questions', 'questions_by_month', 'month'),
        ('github_stars', 'stars_month_end', 'month')
) as chosen (source, series, grain)
