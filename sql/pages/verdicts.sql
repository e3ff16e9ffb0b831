-- What articles conclude, by criterion, each beside the figures that can speak to it.
-- @grain criterion, article, evidence_source
select
    verdicts.criterion, verdicts.article, articles.title as article_title, verdicts.article_year,
    coalesce(favoured.label, verdicts.favoured) as favoured,
    verdicts.paraphrase, verdicts.evidence_source,
    format('{}, {}, {}: {} {} of both; {}.', sources.label, verdicts.evidence_year, verdicts.bearing, pairs.label_a,
        percent_words(verdicts.a_share_of_pair_pct), case when verdicts.agreement <> 'open' then verdicts.agreement
            when verdicts.measured_favoured is null then 'who had more is not sure'
            else 'counted here as a tie, as is all from 45% to 55% and any interval with a half in it' end) as evidence_words
from marts.verdicts as verdicts
inner join pages.articles as articles using (article)
left join marts.frameworks as favoured on favoured.framework = verdicts.favoured
left join marts.source_status as sources on sources.source = verdicts.evidence_source
left join pages.pairs as pairs on pairs.is_first
order by verdicts.criterion, verdicts.verdict_order
