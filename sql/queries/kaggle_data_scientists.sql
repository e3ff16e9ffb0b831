-- Do data scientists at Kaggle differ from all who answered?
-- Share of those asked; the two groups overlap, as data scientists are part of all respondents.
select
    year(everyone.period_start) as edition,
    everyone.framework,
    round(everyone.share_pct, 1) as all_respondents_pct,
    round(scientists.share_pct, 1) as data_scientists_pct,
    round(scientists.share_pct - everyone.share_pct, 1) as difference_points,
    everyone.base as all_respondents,
    scientists.base as data_scientists
from marts.framework_shares as everyone
inner join marts.framework_shares as scientists
    on scientists.source = everyone.source and scientists.series = everyone.series
    and scientists.population = 'data scientists' and scientists.grain = everyone.grain
    and scientists.period_start = everyone.period_start and scientists.framework = everyone.framework
where everyone.source = 'kaggle_survey'
    and everyone.series = 'ml_frameworks_used'
    and everyone.population = 'all respondents'
    and everyone.framework in ('pytorch', 'tensorflow', 'keras', 'scikit-learn', 'jax')
order by edition, all_respondents_pct desc
