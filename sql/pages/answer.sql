-- The first words of the site: who has more today, counted over the sources that reach into the last three years.
-- @grain framework_a, framework_b
-- @columns framework_a, framework_b
-- @column source_count: sources whose newest figures of both begin within three years before the newest of all
-- @column a_count: those with more of framework_a, beyond chance
-- @column b_count: those with more of framework_b
-- @column sentence: who has more in how many
-- @columns deck
-- @fail a_count + b_count <= source_count
with

newest as (
    select
        sentences.*,
        status.headline_order
    from pages.sentences as sentences
    inner join marts.source_status as status on status.source = sentences.source
    where sentences.is_headline
    qualify sentences.period_start > max(sentences.period_start) over (
        partition by sentences.framework_a, sentences.framework_b
    ) - interval 3 year
),

counted as (
    select
        newest.framework_a,
        newest.framework_b,
        a.label as label_a,
        b.label as label_b,
        count(*) as source_count,
        count(*) filter (where leader = newest.framework_a) as a_count,
        count(*) filter (where leader = newest.framework_b) as b_count,
        count(*) filter (where is_lead_proven) as proven_count
    from newest
    inner join marts.frameworks as a on a.framework = newest.framework_a
    inner join marts.frameworks as b on b.framework = newest.framework_b
    group by newest.framework_a, newest.framework_b, a.label, b.label
),

-- What disagrees with the count, or is open, by source.
against as (
    select
        newest.framework_a,
        newest.framework_b,
        string_agg(newest.sentence, ' ' order by newest.headline_order) as sentences
    from newest
    inner join counted on counted.framework_a = newest.framework_a and counted.framework_b = newest.framework_b
    where newest.leader is null
        or newest.leader <> if(counted.a_count >= counted.b_count, newest.framework_a, newest.framework_b)
    group by newest.framework_a, newest.framework_b
),

-- When the lead changed: of each kind of evidence the source that stands first.
changed as (
    select string_agg(sentence, ' ' order by headline_order) as sentences
    from (
        select
            findings.sentence,
            status.headline_order
        from pages.findings as findings
        inner join marts.source_status as status on status.source = findings.source
        where findings.kind = 'crossover'
        qualify row_number() over (partition by status.kind order by status.headline_order) = 1
    )
),

first_pair as (
    select distinct
        framework_a,
        framework_b
    from marts.headlines
)

select
    counted.framework_a,
    counted.framework_b,
    counted.source_count,
    counted.a_count,
    counted.b_count,
    case
        when a_count = b_count
            then format('{} and {} each have more in {} of {} sources', label_a, label_b, a_count, source_count)
        else format(
            '{} has more than {} in {} of the {} sources of the last three years',
            if(a_count > b_count, label_a, label_b),
            if(a_count > b_count, label_b, label_a),
            greatest(a_count, b_count),
            source_count
        )
    end as sentence,
    concat_ws(' ', format('In {} of them interval and trend prove a lead.', proven_count), against.sentences, changed.sentences)
        as deck
from counted
inner join first_pair
    on first_pair.framework_a = counted.framework_a and first_pair.framework_b = counted.framework_b
cross join changed
left join against on against.framework_a = counted.framework_a and against.framework_b = counted.framework_b
where counted.source_count > 1
