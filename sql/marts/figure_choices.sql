-- The words of the full charts: what each choice of the reader finds, counts and rests on.
-- @grain source, series, choice
-- @columns source, series, choice, kind, audience, source_label
-- @column label: name of the choice
-- @columns is_headline, position, source_position, grain, first_middle, last_middle, data_up_to
-- @column title: the finding
-- @columns subtitle_share, subtitle_pair, subtitle_count, count_name, text_alternative, note, origins, qualities
with

described as (
    select distinct
        options.source,
        options.series,
        options.choice,
        options.label,
        options.is_headline,
        options.series_order,
        held.counts_what,
        held.base_definition,
        held.unit,
        held.caveat
    from intermediate.figure_options as options
    inner join staging.reference__series as held
        on held.source = options.source and held.series = options.series
    where options.population = options.choice
    -- A country has the words of the pattern row.
    qualify row_number() over (
        partition by options.source, options.series, options.choice
        order by (held.population = options.choice) desc, starts_with(held.population, '<') desc, held.rank
    ) = 1
),

sentences as (
    select sentences.*
    from marts.pair_sentences as sentences
    inner join intermediate.headline_pair as pair
        on pair.framework_a = sentences.framework_a and pair.framework_b = sentences.framework_b
)

select
    described.source,
    described.series,
    described.choice,
    headline.kind,
    headline.audience,
    sources.label as source_label,
    described.label,
    described.is_headline,
    row_number() over (
        partition by described.source order by described.is_headline desc, described.series_order, described.choice
    ) as position,
    headline.headline_order as source_position,
    ends.grain,
    ends.first_middle,
    ends.last_middle,
    ends.last_label as data_up_to,
    coalesce(
        rtrim(sentences.sentence, '.'),
        format('{}, {}: {}', sources.label, ends.last_label, regexp_extract(ends.listed, '^[^,]+(, [^,]+)?'))
    ) as title,
    if(ends.has_share, format('Share of {}, by {}, percent. Bands: 95% intervals of counting.',
        described.base_definition, ends.grain), null) as subtitle_share,
    if(ends.has_pair, format('{} as a share of {} and {} together, by {}, percent.', pair.label_a, pair.label_a,
        pair.label_b, ends.grain), null) as subtitle_pair,
    format('{} By {}{}.', described.counts_what, ends.grain,
        if(described.unit = 'percent', ', percent', ', ' || unit_words(described.unit))) as subtitle_count,
    case
        when described.unit = 'percent' then 'Percent'
        when described.unit = 'index_0_100' then 'Index'
        when described.unit = 'per_day' then 'Per day'
        else upper(described.unit[1]) || described.unit[2:]
    end as count_name,
    format('Lines over time, one per framework, {} to {}. In the last period: {}{}.', ends.first_label, ends.last_label,
        ends.listed, coalesce(format(', of {:,} in the base', ends.base), '')) as text_alternative,
    concat_ws(' ', described.counts_what, 'Base: ' || described.base_definition || '.', described.caveat) as note,
    ends.origins,
    ends.qualities
from described
inner join intermediate.figure_ends as ends
    on ends.source = described.source and ends.series = described.series and ends.choice = described.choice
inner join intermediate.headline_series as headline on headline.source = described.source
inner join marts.source_status as sources on sources.source = described.source
cross join intermediate.headline_pair as pair
left join sentences
    on sentences.source = described.source
    and sentences.series = described.series
    and sentences.population = described.choice
order by source_position, position
