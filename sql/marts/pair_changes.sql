-- What the series that speaks for a source says of a pair otherwise than the previous release did; of another population too.
-- @grain kind, subject
-- @column weight: the smaller, the earlier it is told
-- @column kind: leader or date of a lead changed, new period, new edition or newest figures revised
-- @column subject: source, and the pair where it is not the first one, which stands for all
-- @columns source, period_start
-- @column before: what the previous release said
-- @column after: what this one says
-- @columns sentence
with
spoken as (
    select
        now_is.*, was, pair.label_a is not null as is_first, sources.label, a.label as label_a, b.label as label_b,
        concat_ws(' ', source, framework_a, framework_b) as subject,
        if(now_is.is_within_chance, 'open', now_is.leader) as order_now,
        if(was.is_within_chance, 'open', was.leader) as order_before,
        if(now_is.population = was.population, '', format(' ({})', now_is.population)) as now_whose,
        if(now_is.population = was.population, '', format(' ({})', was.population)) as whose_before,
        period_words(now_is.grain, now_is.period_start) as now_when
    from marts.head_to_head_latest as now_is
    inner join staging.history__head_to_head_latest as was using (source, framework_a, framework_b)
    inner join staging.reference__sources as sources using (source)
    inner join staging.reference__frameworks as a on a.framework = now_is.framework_a
    inner join staging.reference__frameworks as b on b.framework = now_is.framework_b
    left join intermediate.headline_pair as pair using (framework_a, framework_b)
    where now_is.is_headline and was.is_headline
),

told as (
    select
        2 as weight, 'leader changed' as kind, subject, source, period_start, order_before as before, order_now as after,
        format('{}: {} The previous release had {}.', case
                when order_now = 'open' then 'A lead became open'
                when order_before = 'open' then 'An open order became a lead'
                else 'The leader changed'
            end, sentence,
            if(order_before = 'open', 'the order open', if(order_before = framework_a, label_a, label_b) || ' ahead')) as sentence
    from spoken
    where order_now <> order_before
    union all
    -- Of figures that are held for some months only the oldest go, which moves no date.
    select
        3, 'date of a lead changed', subject, source, led_since, strftime(was.led_since, '%Y-%m'), strftime(led_since, '%Y-%m'),
        format('{}{}: {} has had more than {} since {}; the previous release{} said since {}.', label, now_whose,
            if(leader = framework_a, label_a, label_b), if(leader = framework_a, label_b, label_a),
            period_words(grain, led_since), whose_before, period_words(was.grain, was.led_since))
    from spoken
    where order_now = order_before and order_now <> 'open' and led_since <> was.led_since
        and (led_since > first_period or was.led_since > was.first_period)
    union all
    -- One row per source: the first pair stands for all.
    select
        4, case
            when period_start = was.period_start then 'newest figures revised'
            when periods_per_year(grain) <= 2 then 'new edition'
            else 'new period'
        end,
        source, source, period_start, percent_words(was.a_share_of_pair_pct) as share_before,
        percent_words(a_share_of_pair_pct) as share_now,
        if(period_start = was.period_start and population = was.population,
            format('The newest figures of {}, of {}, were revised: {} has {} of both it and {}, before {}.', label, now_when,
                label_a, share_now, label_b, share_before),
            format('The newest figures of {} are of {} now{}: {} has {} of both it and {}; before, they were of {}{}: {}.', label,
                now_when, now_whose, label_a, share_now, label_b, period_words(was.grain, was.period_start), whose_before,
                share_before))
    from spoken
    where is_first and (period_start <> was.period_start or population <> was.population
        or is_news_in_points(a_share_of_pair_pct, was.a_share_of_pair_pct))
)

from told
