-- Which framework a keyword of Google Trends stands for.
-- @grain kind, keyword
-- @column kind: search_terms or topics
with
frameworks as (from staging.reference__frameworks where is_framework),

named as (
    select 'search_terms' as kind, google_search_term as keyword, framework, framework_order from frameworks
    union all
    select 'topics' as kind, google_topic_id as keyword, framework, framework_order from frameworks
    union all
    select 'topics' as kind, label as keyword, framework, framework_order from frameworks
    union all
    select 'topics' as kind, google_search_term as keyword, framework, framework_order from frameworks
    union all
    select 'topics' as kind, framework as keyword, framework, framework_order from frameworks
)

select
    kind,
    lower(trim(keyword)) as keyword,
    min_by(framework, framework_order) as framework,
    min(framework_order) as framework_order
from named
where keyword is not null
group by kind, lower(trim(keyword))
