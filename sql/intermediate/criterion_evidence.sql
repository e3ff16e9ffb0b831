-- The sources that can speak to a criterion of the comparison articles, and what they would show of it.
-- @grain criterion, source
-- @column criterion: as in staging.reference__article_verdicts
-- @column source: source that speaks to it
-- @column bearing: what its figures have to do with the criterion
-- Criteria without a line here (code style, deployment, ...) are matters that no figure of ours decides.
select
    criterion,
    source,
    bearing
from (
    values
        ('research adoption', 'papers_with_code', 'code published with papers'),
        ('research adoption', 'conference_papers', 'papers that name one of the two'),
        ('industry adoption', 'pypi_downloads', 'package downloads, a proxy for deployment'),
        ('industry adoption', 'stack_overflow_survey', 'respondents who worked with it'),
        ('industry adoption', 'kaggle_survey', 'respondents who use it regularly'),
        ('community', 'github_stars', 'stars of the repository'),
        ('community', 'stack_overflow_questions', 'questions asked'),
        ('community', 'google_trends', 'searches')
) as chosen (criterion, source, bearing)
