-- Frameworks, labels and answers that we follow, with their names at every source, in order of importance.
-- @grain framework
select
    framework, label, is_framework, is_compared, is_deep_learning, _line as framework_order, organisation,
    first_release, first_release_reference, successor, predecessor, language, papers_with_code_label, google_topic_id,
    google_search_term, stack_overflow_survey_tokens, kaggle_tokens, pypi_package, conda_package, github_repo,
    stack_overflow_tag, huggingface_library
from raw.reference_frameworks
