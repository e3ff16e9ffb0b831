-- Counts of conference papers by framework, mentioned in the text or used by the code, in the schema of all sources.
-- @grain series, population, period_start, framework, source_file
-- @column value: papers; 0 where the texts were searched and none names it
-- @column base: papers of the list, papers with code, or papers with labelled code
-- @fail value between 0 and base
with
conferences as (select distinct conference, month from staging.reference__conferences),

-- "CVPR 2019 6", "NeurIPS 2018 12". Its month differs from paper to paper (ICLR 2021 1), so the conference's own month
-- dates an edition, as it does in the counts of mentions.
proceedings as (
    select
        paper_url,
        regexp_extract(proceeding, '^(\S+) (\d{4})( \d{1,2})?$', 1) as name,
        regexp_extract(proceeding, '^(\S+) (\d{4})( \d{1,2})?$', 2) as year_text
    from staging.papers_with_code__papers
),

dated as (
    select distinct
        proceedings.paper_url, conferences.conference,
        make_date(proceedings.year_text::integer, conferences.month, 1) as period_start
    from proceedings
    inner join conferences on lower(conferences.conference) = lower(proceedings.name)
),

-- A paper once for each of its labels.
labelled_papers as (
    select distinct
        links.source_file, dated.conference, dated.period_start, dated.paper_url,
        coalesce(frameworks.framework, 'other') as framework
    from dated
    inner join staging.papers_with_code__links as links using (paper_url)
    left join staging.reference__frameworks as frameworks on frameworks.papers_with_code_label = links.framework_label
),

labels as (
    select framework from staging.reference__frameworks where papers_with_code_label is not null
    union
    select framework from labelled_papers
),

bases as (
    select
        source_file, conference, period_start,
        count(distinct paper_url) as all_count,
        count(distinct paper_url) filter (where framework <> 'none') as known_count
    from labelled_papers group by source_file, conference, period_start
),

labelled as (
    select source_file, conference, period_start, framework, count(*) as paper_count
    from labelled_papers group by source_file, conference, period_start, framework
),

totals as (
    select *, 'code_all' as series, all_count as paper_total
    from bases
    union all
    select *, 'code_known' as series, known_count as paper_total
    from bases
    where known_count > 0
),

-- Papers with code of each conference edition by framework label, over all of them and over those with a label.
code as (
    select
        totals.source_file, totals.series, totals.conference, totals.period_start, labels.framework,
        coalesce(labelled.paper_count, 0) as paper_count,
        totals.paper_total
    from totals
    cross join labels
    left join labelled using (source_file, conference, period_start, framework)
    where labels.framework <> 'none' or totals.series = 'code_all'
),

editions as (
    -- A list without any word was not searched: unknown, never zero.
    select * from intermediate.conference_papers_editions where is_searched
),

mentions as (
    select source_file, framework, count(*) as paper_count
    from intermediate.conference_papers_mentions group by source_file, framework
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
    left join mentions on mentions.source_file = searched.source_file and mentions.framework = searched.framework
    union all by name
    select * from code
)

select
    'conference_papers' as source, counts.series, counts.conference as population, 'edition' as grain,
    counts.period_start, counts.framework, counts.paper_count::double as value, counts.paper_total as base,
    'papers' as unit, 'full' as quality, null::varchar as reference, counts.source_file
from counts
inner join populations on populations.series = counts.series and populations.population = counts.conference
