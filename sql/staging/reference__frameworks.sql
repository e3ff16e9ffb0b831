-- Frameworks, labels and answers that we follow, with their names at every source, in order of importance.
-- @grain framework
-- @column framework: our id
-- @column label: name for people
-- @column is_framework: false for answers (none, other), unlabelled and other libraries
-- @column is_compared: one of those whose pairs are worth comparing
-- @column framework_order: position in order of importance, 1 first
-- @column organisation: who steers it
-- @column first_release: first day of the month where the day is unknown
-- @column first_release_reference: key of staging.reference__references for that day
-- @column successor: id of the framework that replaced it
-- @column predecessor: id of the framework that it replaced
-- @column language: languages it is written in
-- @column papers_with_code_label: label in the Papers With Code archive
-- @column google_topic_id: topic at Google Trends
-- @column google_search_term: word searched for at Google Trends
-- @column stack_overflow_survey_tokens: spellings of the option, joined by |
-- @column kaggle_tokens: spellings of the option, joined by |
-- @column pypi_package: main package
-- @column conda_package: main package
-- @column github_repo: owner/name
-- @column stack_overflow_tag: tag of questions
-- @column huggingface_library: library tag of models
select
    framework,
    label,
    is_framework,
    is_compared,
    _line as framework_order,
    organisation,
    first_release,
    first_release_reference,
    successor,
    predecessor,
    language,
    papers_with_code_label,
    google_topic_id,
    google_search_term,
    stack_overflow_survey_tokens,
    kaggle_tokens,
    pypi_package,
    conda_package,
    github_repo,
    stack_overflow_tag,
    huggingface_library
from raw.reference_frameworks
