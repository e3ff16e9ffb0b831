-- What the comparison articles conclude per criterion, beside what our figures of that time say where they can speak.
-- @grain article, criterion, evidence_source
-- @columns article, article_year, criterion, favoured, paraphrase, evidence_source, bearing, evidence_year
-- @columns evidence_population, a_share_of_pair_pct, low_pct, high_pct, measured_favoured, agreement, verdict_order
-- @fail agreement in ('agrees', 'disagrees', 'open', 'not measured')
with
verdicts as (from staging.reference__article_verdicts),

-- The sources that can speak to a criterion. Criteria without a line here (code style, deployment, ...) are matters that
-- no figure of ours decides.
bearings (criterion, source, bearing) as (
    values
        ('research adoption', 'papers_with_code', 'code published with papers'),
        ('research adoption', 'conference_papers', 'papers that name one of the two'),
        ('industry adoption', 'pypi_downloads', 'package downloads, a proxy for deployment'),
        ('industry adoption', 'stack_overflow_survey', 'respondents who worked with it'),
        ('industry adoption', 'kaggle_survey', 'respondents who use it regularly'),
        ('community', 'github_stars', 'stars of the repository'),
        ('community', 'stack_overflow_questions', 'questions asked'),
        ('community', 'google_trends', 'searches')
),

evidence as (
    select
        verdicts.article, verdicts.criterion, bearings.source, bearings.bearing, agreement.year, agreement.population,
        agreement.a_share_of_pair_pct, agreement.low_pct, agreement.high_pct,
        case
            when a_share_of_pair_pct between 45 and 55 or 50 between low_pct and high_pct then 'tie'
            else agreement.leader
        end as measured_favoured
    from verdicts
    inner join bearings using (criterion)
    inner join intermediate.headline_pair as pair on true
    inner join marts.source_agreement as agreement
        on agreement.source = bearings.source
        and agreement.framework_a = pair.framework_a
        and agreement.framework_b = pair.framework_b
        and agreement.year <= coalesce(verdicts.article_year, agreement.year)
    qualify row_number() over (
        partition by verdicts.article, verdicts.criterion, bearings.source
        order by agreement.year desc, agreement.period_count desc, agreement.population
    ) = 1
)

select
    verdicts.article, verdicts.article_year, verdicts.criterion, verdicts.favoured, verdicts.paraphrase,
    coalesce(evidence.source, '') as evidence_source,
    evidence.bearing, evidence.year as evidence_year, evidence.population as evidence_population,
    evidence.a_share_of_pair_pct, evidence.low_pct, evidence.high_pct, evidence.measured_favoured,
    case
        when evidence.a_share_of_pair_pct is null then 'not measured'
        when evidence.measured_favoured = verdicts.favoured then 'agrees'
        when coalesce(evidence.measured_favoured, 'tie') = 'tie' then 'open'
        else 'disagrees'
    end as agreement,
    verdicts.verdict_order
from verdicts
left join evidence using (article, criterion)
order by verdicts.verdict_order, evidence_source
