-- The figures in use: for each whole period the best origin, all frameworks together, never mixed.
-- @grain source, series, population, grain, period_start, framework
-- @column given_low_pct: lower end of the share's interval where its method gives one; null where counting alone does
-- @fail grain_order(grain) is not null
-- @fail quality_rank(quality) is not null
-- @fail origin in ('live', 'cached', 'imported', 'reference')
-- @fail (reference is not null or origin <> 'reference') and retrieved_at is not null
with
-- One line per source: a new source adds its intermediate.<source>_observations here.
told as (
    select * from intermediate.reference_observations
    union all by name select * from intermediate.papers_with_code_observations
    union all by name select * from intermediate.google_trends_observations
    union all by name select * from intermediate.stack_overflow_survey_observations
    union all by name select * from intermediate.kaggle_survey_observations
    union all by name select * from intermediate.conference_papers_observations
    union all by name select * from intermediate.papers_after_2025_observations
    union all by name select * from intermediate.repository_frameworks_observations
    union all by name select * from intermediate.archive_draw_observations
    union all by name select * from intermediate.pypi_downloads_observations
    union all by name select * from intermediate.conda_downloads_observations
    union all by name select * from intermediate.conda_downloads_growth_observations
    union all by name select * from intermediate.huggingface_models_observations
    union all by name select * from intermediate.github_stars_observations
    union all by name select * from intermediate.stack_overflow_questions_observations
    union all by name select * from intermediate.openalex_citations_observations
    union all by name select * from intermediate.hn_hiring_observations
    union all by name select * from intermediate.github_dependents_observations
    union all by name select * from intermediate.bundle_observations
),

-- A period that was not over when its source was read, or on the day of which an archive is dated, has no figure yet.
whole as (
    select
        told.* exclude (reference, source_file), coalesce(landings.origin, 'reference') as origin,
        coalesce(landings.retrieved_at, publications.retrieved_date::timestamp) as retrieved_at,
        coalesce(told.reference, sources.reference) as reference,
        coalesce(told.source_file, '') as source_file
    from told
    left join staging.refresh__landings as landings using (source_file)
    left join staging.reference__sources as sources on sources.source = told.source
    left join staging.reference__references as publications
        on publications.reference = coalesce(told.reference, sources.reference)
    where coalesce(is_whole(
        told.grain, told.period_start,
        least(publications.dated_date, coalesce(landings.retrieved_at::date, publications.retrieved_date))
    ), true)
),

-- Quarters of counts whose months may be added up (series.csv lists both grains), where all three months are there.
quarters as (
    select
        whole.source, whole.series, whole.population, 'quarter' as grain,
        period_of('quarter', whole.period_start) as period_start, whole.framework,
        sum(whole.value) as value, if(count(whole.base) = 3, sum(whole.base)::bigint, null) as base,
        whole.unit, worst_quality(whole.quality) as quality, whole.origin,
        max(whole.retrieved_at) as retrieved_at, min(whole.reference) as reference,
        whole.source_file
    from whole
    inner join staging.reference__series as series using (source, series, population)
    where whole.grain = 'month' and series.is_binomial and list_contains(string_split(series.grains, '|'), 'quarter')
    group by
        whole.source, whole.series, whole.population, period_of('quarter', whole.period_start), whole.framework,
        whole.unit, whole.origin, whole.source_file
    having count(*) = 3
),

-- Live before cached before imported before reference; of two landings of one origin the newer one. Embedded figures
-- of several publications stand beside each other.
candidates as (
    select
        *,
        row(
            list_position(['live', 'cached', 'imported', 'reference'], origin),
            if(origin = 'reference', 0, -epoch_us(retrieved_at)),
            source_file
        ) as preference
    from (from whole union all by name from quarters)
),

preferred as (
    select source, series, population, grain, period_start, min(preference) as preference
    from candidates
    group by source, series, population, grain, period_start
)

select
    source, series, population, grain, period_start, candidates.framework,
    candidates.value, candidates.base, candidates.unit, candidates.quality,
    candidates.origin, candidates.retrieved_at, candidates.reference,
    candidates.given_low_pct, candidates.given_high_pct
from candidates
inner join preferred using (source, series, population, grain, period_start, preference)
