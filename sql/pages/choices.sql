-- The words of the full charts: what each choice of the reader finds, counts and rests on.
-- @grain source, series, choice
-- @column label: name of the choice
-- @column title: the finding at the newest period that is drawn
-- @column error_words: how sure its figures are
-- @column note: populations, definition, base, how sure and caveat
with
-- A country has the words of the pattern row.
described as (
    select options.*, held.counts_what, held.base_definition, held.unit, held.caveat
    from pages.options as options
    inner join marts.series as held using (source, series)
    where options.population = options.choice
    qualify row_number() over (
        partition by options.source, options.series, options.choice
        order by (held.population = options.choice) desc, starts_with(held.population, '<') desc, held.rank
    ) = 1
),

drawn as (
    select
        *, max(period_start) over (partition by source, series, choice) as last_period,
        row_number() over (partition by source, series, choice, population order by period_start, framework) = 1
            as is_beginning
    from pages.lines
    where is_drawn
),

ends as (
    select
        drawn.source, drawn.series, drawn.choice, any_value(drawn.last_period) as last_period,
        min_by(period_label, period_start) as first_label,
        max_by(period_label, period_start) as last_label, min(period_middle) as first_middle,
        max(period_middle) as last_middle,
        list(
            drawn.label || ' ' || case
                when drawn.base is not null then percent_words(share_pct)
                when described.unit = 'percent' then percent_words(value)
                else number_words(value)
            end
            order by value desc, frameworks.framework_order
        ) filter (where period_start = last_period) as listed,
        max(drawn.base) filter (where period_start = last_period) as base,
        string_agg(format('{} from {}', drawn.population, period_label), ', then ' order by period_start)
            filter (where is_beginning) as parts,
        count(*) filter (where is_beginning) as part_count,
        bool_or(drawn.base is not null) as has_share, bool_or(pair_pct is not null) as has_pair,
        string_agg(distinct origin, '|' order by origin) as origins,
        string_agg(distinct quality, '|' order by quality_rank(quality)) as qualities
    from drawn
    inner join described using (source, series, choice)
    inner join marts.frameworks as frameworks using (framework)
    group by drawn.source, drawn.series, drawn.choice
),

sentences as (
    select sentences.*, pairs.label_a, pairs.label_b
    from pages.sentences as sentences
    inner join pages.pairs as pairs
        on pairs.framework_a = sentences.framework_a and pairs.framework_b = sentences.framework_b and pairs.is_first
)

select
    described.source, described.series, described.choice, sources.kind, described.label,
    if(sentences.period_start = ends.last_period, rtrim(sentences.sentence, '.'),
        format('{}, {}: {}', sources.label, ends.last_label, array_to_string(ends.listed[:2], ', '))) as title,
    format('{}, {}: {}', sources.label, ends.last_label, array_to_string(ends.listed[:5], ', ')) as title_listed,
    rtrim(sentences.sentence, '.') as title_pair,
    if(ends.has_share, format('Share of {}, by {}, percent. Bands: 95% intervals of counting.',
        described.base_definition, grain_noun(described.grain)), null) as subtitle_share,
    if(ends.has_pair, format('{} as a share of {} and {} together, by {}, percent.', label_a, label_a, label_b,
        grain_noun(described.grain)), null) as subtitle_pair,
    format('{} By {}, {}.', described.counts_what, grain_noun(described.grain), unit_words(described.unit))
        as subtitle_count,
    case described.unit
        when 'percent' then 'Percent'
        when 'index_0_100' then 'Index'
        when 'per_day' then 'Per day'
        else upper(described.unit[1]) || described.unit[2:]
    end as count_name,
    ends.first_middle, ends.last_middle, ends.last_label as data_up_to,
    format('Lines over time, one per framework, {} to {}. In the last period: {}{}.', ends.first_label, ends.last_label,
        array_to_string(ends.listed, ', '), coalesce(format(', of {:,} in the base', ends.base), ''))
        as text_alternative,
    format('How sure: {}.', concat_ws('; ', case
        when held.reading_error is not null
            then 'each figure is ' || reading_words(split_part(ends.qualities, '|', -1), held.reading_error)
        when held.is_binomial then 'in brackets the 95 percent interval of the error of counting alone'
        else quality_words(split_part(ends.qualities, '|', -1))
    end, 'not settled: ' || unsettled_words(described.grain, held.revision_error))) as error_words,
    concat_ws(' ',
        if(ends.part_count > 1, format('Populations: {}.', ends.parts), null),
        described.counts_what,
        'Base: ' || described.base_definition || '.',
        error_words,
        described.caveat,
        if(held.design_effect > 1, format('Links of one paper are alike: their variance counts {:.2f} times.', held.design_effect),
            null)
    ) as note,
    ends.origins, ends.qualities
from described
inner join ends using (source, series, choice)
inner join marts.source_status as sources using (source)
inner join marts.populations as held
    on (held.source, held.series, held.population, held.grain)
    = (described.source, described.series, described.choice, described.grain)
left join sentences
    on (sentences.source, sentences.series, sentences.population)
    = (described.source, described.series, described.choice)
order by described.source_position, described.is_headline desc, described.series_order, described.choice
