-- Respondents who worked with each framework by the publisher's own counts, with the base that the printed percents have.
-- @grain source_file, population, framework
-- @column chart_base: responses printed at the chart if its percents fit them, else the base that they fit
-- @column quality: full, or fitted_base where the base is fitted
-- @fail worked_with_count between 0 and chart_base
with
aggregates as (from staging.stack_overflow_survey__aggregates),
years as (from staging.reference__stack_overflow_survey_years),

-- Tables of one year write Scikit-learn, counts Scikit-Learn.
spellings as (
    select distinct
        framework,
        lower(trim(unnest(string_split(stack_overflow_survey_tokens, '|')))) as option
    from staging.reference__frameworks
),

-- Each percent is rounded to two decimals, so it bounds the number of respondents that it is a part of.
groups as (
    select
        source_file, edition_year, respondents,
        any_value(response_count) as response_count,
        max(option_count / (percent + 0.005)) filter (where is_counted) * 100 as low,
        min(option_count / (percent - 0.005)) filter (where is_counted and percent > 0.005) * 100 as high
    from aggregates
    group by source_file, edition_year, respondents
),

populations as (
    select
        groups.source_file, groups.edition_year, groups.respondents,
        case lower(groups.respondents)
            when 'all respondents' then 'all respondents'
            when 'learning to code' then 'learning to code'
            when 'other coders' then 'other coders'
            -- 2018 does not say whom it took for a professional.
            when 'professional developers' then if(len(years.professional_values) > 0, 'professional developers', null)
        end as population,
        groups.low is null or groups.response_count between groups.low and groups.high as is_fitting,
        if(is_fitting, groups.response_count, round((groups.low + groups.high) / 2)::bigint) as chart_base
    from groups
    inner join years using (edition_year)
)

select
    aggregates.source_file, aggregates.edition_year, populations.population, spellings.framework,
    sum(aggregates.option_count)::bigint as worked_with_count,
    populations.chart_base,
    if(populations.is_fitting, 'full', 'fitted_base') as quality
from aggregates
inner join populations using (source_file, respondents)
inner join spellings on spellings.option = lower(aggregates.option)
where populations.population is not null
group by
    aggregates.source_file, aggregates.edition_year, populations.population, spellings.framework,
    populations.chart_base, populations.is_fitting
