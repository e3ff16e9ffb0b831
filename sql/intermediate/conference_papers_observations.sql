-- Counts of conference papers by framework, mentioned in the text or used by the code, in the schema of all sources.
-- @grain series, population, period_start, framework, source_file
-- @columns source, series, population, grain, period_start, framework
-- @column value: papers; 0 where the texts were searched and none names it
-- @column base: papers of the list, papers with code, or papers with labelled code
-- @columns unit, quality, reference, source_file
-- @fail value between 0 and base
with
editions as (
    -- A list without any word was not searched: unknown, never zero.
    select * from intermediate.conference_papers_editions where is_searched
),

mentions as (
    select source_file, framework, count(*) as paper_count
    from intermediate.conference_papers_mentions
    group by source_file, framework
),

-- Frameworks of the dictionary were looked for in every list; others count where a list holds their word.
searched as (
    select editions.source_file, words.framework
    from editions
    cross join (
        select distinct framework from staging.reference__conference_words where framework is not null
    ) as words
    union
    select source_file, framework
    from mentions
),

populations as (from staging.reference__series where source = 'conference_papers'),

counts as (
    select
        'mentions_any_recomputed' as series, editions.conference, editions.period_start, searched.framework,
        coalesce(mentions.paper_count, 0) as paper_count,
        editions.paper_count as paper_total, editions.source_file
    from editions
    inner join searched using (source_file)
    left join mentions
        on mentions.source_file = searched.source_file and mentions.framework = searched.framework
    union all by name
    select * from intermediate.conference_papers_code
)

select
    'conference_papers' as source, counts.series, counts.conference as population, 'edition' as grain,
    counts.period_start, counts.framework, counts.paper_count::double as value, counts.paper_total as base,
    'papers' as unit, 'full' as quality, null::varchar as reference, counts.source_file
from counts
inner join populations on populations.series = counts.series and populations.population = counts.conference
