"""What pages ask of the marts. Queries choose, join and sort; every number and sentence stands in a mart."""

SOURCES = "from marts.source_status"
HEADLINES = "from marts.headlines order by position limit 1"
# The strongest figure that speaks against the first headline.
COUNTER_EXAMPLE = """
select others.sentence
from marts.headlines as others
inner join marts.headlines as first on first.position = 1
where others.leader <> first.leader
order by others.leader_share_pct desc, others.position
limit 1
"""
SENTENCES = """
select sentences.*, choices.kind, choices.audience, choices.source_label
from marts.pair_sentences as sentences
inner join marts.figure_choices as choices
    on choices.source = sentences.source
    and choices.series = sentences.series
    and choices.choice = sentences.population
order by choices.source_position, choices.position, sentences.framework_a, sentences.framework_b
"""
# For each kind of reader, who is ahead in the newest figures of most sources; null where both are in as many.
AUDIENCES = """
select
    choices.audience, sentences.framework_a, sentences.framework_b, count(*) as source_count,
    count(*) filter (where leader = sentences.framework_a and not is_order_open) as a_count,
    count(*) filter (where leader = sentences.framework_b and not is_order_open) as b_count,
    greatest(a_count, b_count) as most_count,
    case when a_count > b_count then any_value(a.label) when b_count > a_count then any_value(b.label) end
        as leader_label
from marts.pair_sentences as sentences
inner join marts.figure_choices as choices
    on choices.source = sentences.source
    and choices.series = sentences.series
    and choices.choice = sentences.population
inner join marts.frameworks as a on a.framework = sentences.framework_a
inner join marts.frameworks as b on b.framework = sentences.framework_b
where sentences.is_headline
group by choices.audience, sentences.framework_a, sentences.framework_b
"""
PAIRS = "from pages.pair_summaries order by order_a, order_b"
PAIR_LINES = "from pages.pair_lines"
LEAD_CHANGES = "from pages.lead_changes"
# The series that speaks for a source; months may speak for its quarters.
_SPEAKING = "(select distinct source, series, population, grain from marts.head_to_head_preferred)"
# The last lasting crossing of each source, at the grain that is drawn if there is one.
LAST_CROSSINGS = f"""
with crossings as (
    select
        *,
        if(grain = 'edition', strftime(crossed_period, '%Y edition'), strftime(crossed_period, '%b %Y'))
            as crossed_words,
        if(grain = 'edition', strftime(crossed_low, '%Y'), strftime(crossed_low, '%b %Y')) as low_words,
        if(grain = 'edition', strftime(crossed_high, '%Y'), strftime(crossed_high, '%b %Y')) as high_words,
        crossed_low < crossed_high as is_open
    from marts.crossovers
    where is_lasting
)

select
    crossings.source, crossings.framework_a, crossings.framework_b, crossings.leader_after,
    crossings.crossed_period as crossed_date,
    if(is_open, crossings.crossed_low, null) as crossed_low,
    if(is_open, crossings.crossed_high, null) as crossed_high,
    'since ' || crossed_words
        || if(is_open, '; could be ' || low_words || ' to ' || high_words, '') as words,
    crossed_words as short_words
from crossings
inner join {_SPEAKING} as lines
    on lines.source = crossings.source
    and lines.series = crossings.series
    and lines.population = crossings.population
qualify row_number() over (
    partition by crossings.source, crossings.framework_a, crossings.framework_b
    order by crossings.grain = lines.grain desc, crossings.crossed_period desc, crossings.population
) = 1
"""
# Who passed whom in the series that speak for their sources, one sentence a source.
FINDINGS = f"""
select findings.source, findings.kind, findings.leader, findings.sentence, findings.period_start
from marts.findings as findings
inner join (
    select distinct source, series, population from {_SPEAKING}
) as lines
    on lines.source = findings.source
    and lines.series = findings.series
    and lines.population = findings.population
qualify row_number() over (
    partition by findings.source, findings.kind order by findings.period_start desc, findings.position
) = 1
order by findings.kind, findings.period_start, findings.position
"""
CHANGES = "select kind, sentence from marts.changes order by change_order limit 12"
LAGS = """
select framework_a, framework_b, finding
from marts.source_lags
where is_found
order by framework_a, framework_b, source, other_source, population, other_population
"""
CROSSOVERS = """
select
    crossings.*, sources.label as source_label, before.label as label_before, after.label as label_after
from marts.crossovers as crossings
inner join marts.source_status as sources on sources.source = crossings.source
inner join marts.frameworks as before on before.framework = crossings.leader_before
inner join marts.frameworks as after on after.framework = crossings.leader_after
order by crossings.source, crossings.series, crossings.population, crossings.grain, crossings.crossed_period
"""
# The series that speaks for a source, among those that the analysis holds.
_HEADLINE = f"""
inner join marts.source_status as sources on sources.source = found.source
inner join {_SPEAKING} as lines
    on lines.source = found.source
    and lines.series = found.series
    and lines.population = found.population
"""
_ONE_GRAIN = """
qualify row_number() over (
    partition by found.source, found.population, found.framework_a, found.framework_b
    order by found.grain = lines.grain desc, found.grain
) = 1
order by found.source, found.population
"""
SUBSTITUTION = f"""
select
    found.*, sources.label as source_label, gaining.label as label_gaining,
    coalesce(found.midpoint_date between found.first_period and found.last_period, false) as is_midpoint_within
from marts.substitution as found
{_HEADLINE}
left join marts.frameworks as gaining on gaining.framework = found.gaining
{_ONE_GRAIN}
"""
FORECASTS = f"""
select found.*, sources.label as source_label
from marts.forecasts as found
{_HEADLINE}
{_ONE_GRAIN}
"""
COUNTRIES = """
select
    shares.population as country, shares.series, shares.period_start, frameworks.label, shares.value,
    first_value(frameworks.label) over (
        partition by shares.population, shares.series, shares.period_start
        order by shares.value desc, frameworks.framework_order
    ) as leader
from marts.framework_shares as shares
inner join marts.frameworks as frameworks on frameworks.framework = shares.framework
where shares.source = 'google_trends' and shares.series like '%_by_country'
qualify dense_rank() over (partition by shares.series, shares.population order by shares.period_start desc) = 1
order by shares.series, shares.population, frameworks.framework_order
"""
SUMMARIES = "from pages.population_summaries"
BY_COUNTRY = """
select
    told.series, told.window_start, told.sentence, shares.framework_a, shares.framework_b, shares.population as country,
    shares.a_value, shares.b_value, shares.a_share_of_pair_pct, frameworks.framework, frameworks.label, shares.origin,
    shares.quality
from pages.population_summaries as told
inner join marts.head_to_head as shares
    on shares.source = told.source
    and shares.series = told.series
    and shares.period_start = told.window_start
    and shares.grain = 'window'
    and shares.framework_a = told.framework_a
    and shares.framework_b = told.framework_b
    and shares.a_share_of_pair_pct is not null
left join marts.frameworks as frameworks
    on frameworks.framework = case
        when shares.a_value > shares.b_value then shares.framework_a
        when shares.b_value > shares.a_value then shares.framework_b
    end
order by told.window_start desc, told.series, shares.a_share_of_pair_pct desc, country
"""
CURVES = """
select
    found.source, found.source_label, found.population, found.framework_a, found.framework_b,
    found.framework_a as framework, found.point_date, found.period_label, found.observed_pct, found.fitted_pct,
    found.fitted_low_pct, found.fitted_high_pct, found.forecast_pct, found.sentence, found.forecast_words, found.title
from marts.substitution_curves as found
inner join pages.pair_summaries as pairs
    on pairs.framework_a = found.framework_a and pairs.framework_b = found.framework_b
order by found.framework_a, found.framework_b, found.source_position, found.population, found.point_date
"""
AGREEMENT = """
select
    found.framework_a, found.framework_b, found.year, found.source, found.population, found.a_share_of_pair_pct,
    found.leader, found.source_count, found.spread_pct, found.is_agreed, sources.label as source_label
from marts.source_agreement as found
inner join marts.source_status as sources on sources.source = found.source
left join marts.figure_choices as choices on choices.source = found.source and choices.position = 1
order by choices.source_position, found.source, found.population, found.year
"""
USERS = """
select
    users.framework, users.label, users.organisation, users.product, users.article_count,
    string_agg(coalesce(named.title, filed.title, users.article), '; ' order by users.article) as articles
from marts.industry_users as users
left join marts.publications as named on named.reference = users.article
left join marts.publications as filed on contains(filed.notes, users.article)
left join marts.frameworks as frameworks on frameworks.framework = users.framework
group by users.framework, users.label, users.organisation, users.product, users.article_count, framework_order
order by framework_order, users.organisation, users.product
"""
PUBLISHED = """
select readings.*, frameworks.label
from marts.published_readings as readings
inner join marts.frameworks as frameworks on frameworks.framework = readings.framework
where readings.is_fixed_definition
order by readings.period_start, frameworks.framework_order
"""
CLAIMS = """
select
    claims.*, try_cast(claims.published_value as double) as published, sources.label as source_label,
    coalesce(named.title, filed.title, claims.article) as article_title
from marts.claims as claims
left join marts.source_status as sources on sources.source = claims.source
left join marts.publications as named on named.reference = claims.article
left join marts.publications as filed on contains(filed.notes, claims.article)
order by claims.claim_order
"""
VERDICTS = """
select verdict, count(*) as claim_count
from marts.claims
group by verdict
order by list_position(['confirmed', 'consistent', 'not refuted', 'inconsistent', 'not testable'], verdict)
"""
SERIES = "from marts.series order by series_order"
REFERENCES = "from marts.publications order by reference"
DATA_NOTES = "from marts.data_notes order by model, note"
DICTIONARY = """
select
    tables.table_name, tables.table_name as name, tables.comment as comment, tables.estimated_size as row_count,
    columns.column_name, columns.data_type as type, columns.comment as meaning
from duckdb_tables() as tables
inner join duckdb_columns() as columns
    on columns.schema_name = tables.schema_name and columns.table_name = tables.table_name
where tables.schema_name = 'marts'
order by tables.table_name, columns.column_index
"""
READINGS = """
select
    claim_id, statement, try_cast(published_value as double) as published, measured_value as measured,
    measured_low as low, measured_high as high, verdict, source
from marts.claims
where unit = 'percent' and comparator = 'eq' and measured_value is not null
order by claim_order
"""
ARTICLE_VERDICTS = """
select
    coalesce(named.title, filed.title, verdicts.article) as article_title, verdicts.article_year, verdicts.criterion,
    coalesce(favoured.label, verdicts.favoured) as favoured, verdicts.paraphrase, verdicts.agreement,
    verdicts.a_share_of_pair_pct, verdicts.evidence_year, verdicts.bearing, sources.label as source_label
from marts.verdicts as verdicts
left join marts.publications as named on named.reference = verdicts.article
left join marts.publications as filed on contains(filed.notes, verdicts.article)
left join marts.frameworks as favoured on favoured.framework = verdicts.favoured
left join marts.source_status as sources on sources.source = verdicts.evidence_source
order by verdicts.criterion, verdicts.verdict_order
"""
LINES = "from marts.figure_lines"
CHOICES = "from marts.figure_choices"
BREAKS = "select source, event_date, event from marts.events where is_break order by event_date"
EVENTS = """
select event_date, framework, event, regexp_replace(event, ' \\(.*\\)$', '') as words
from marts.events
where not is_break and framework is not null
order by event_date, event_id
"""
PAIR = """
select framework_a, framework_b, label_a, label_b
from pages.pair_summaries
where order_a = (select min(order_a) from pages.pair_summaries)
order by order_b
limit 1
"""
