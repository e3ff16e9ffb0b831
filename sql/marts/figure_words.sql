-- Title and text alternative of every figure whose words hold numbers.
-- @grain figure
-- @column figure: name of the chart's module in dashboards/charts
-- @column title: the finding
-- @column text_alternative: what the picture shows, for those who do not see it
-- @column data_up_to: name of the last period that is drawn
with

headlines as (
    select * from marts.headlines
),

pair as (
    select * from intermediate.headline_pair
),

shares as (
    select * from marts.research_shares_quarterly where is_drawn
),

last_quarter as (
    select
        period_start,
        max(period_label) as period_label,
        max(link_total) as link_total,
        string_agg(
            format('{} {}', label, printf('%.0f%%', share_pct)), ', ' order by share_pct desc, framework_order
        ) as listed
    from shares
    group by period_start
    qualify row_number() over (order by period_start desc) = 1
),

numbered as (
    select
        periods.in_words,
        max(if(shares.framework = pair.framework_a, shares.share_pct, null)) as a_pct,
        max(if(shares.framework = pair.framework_b, shares.share_pct, null)) as b_pct,
        max(shares.link_total) as link_total
    from shares
    inner join intermediate.periods as periods
        on periods.grain = 'quarter' and periods.period_start = shares.period_start
    cross join pair
    where shares.link_total >= 30
    group by shares.period_start, periods.in_words
    qualify row_number() over (order by shares.period_start desc) = 1
),

research_shares as (
    select
        'research_shares' as figure,
        format('In {}, {} was on {} of the labelled links and {} on {}',
            in_words, label_a, printf('%.0f%%', a_pct), label_b, printf('%.0f%%', b_pct)) as title,
        format('Lines over time, one per framework. At the end, {}, of {:,} labelled links: {}.',
            last_quarter.period_label, last_quarter.link_total, last_quarter.listed) as text_alternative,
        last_quarter.period_label as data_up_to
    from numbered
    cross join pair
    cross join last_quarter
),

research_head_to_head as (
    select
        'research_head_to_head' as figure,
        rtrim(sentence, '.') as title,
        'One line over time against a half line. ' || sentence || ' ' || detail as text_alternative,
        (select period_label from last_quarter) as data_up_to
    from headlines
    where source = 'papers_with_code'
),

counted as (
    select
        count(*) filter (where leader_share_pct > 50 and leader = framework_a and coalesce(low_pct > 50, true)) as a_count,
        count(*) filter (where leader_share_pct > 50 and leader = framework_b and coalesce(low_pct > 50, true)) as b_count,
        count(*) as source_count,
        string_agg(sentence, ' ' order by position) as sentences,
        max(period_start) as latest
    from headlines
),

head_to_head_by_source as (
    select
        'head_to_head_by_source' as figure,
        format('Of {} sources, the newest figures of {} had {} ahead and those of {} had {} ahead',
            source_count, a_count, label_a, b_count, label_b) as title,
        'One small chart a source, each a line against a half line. ' || sentences as text_alternative,
        strftime(latest, '%b %Y') as data_up_to
    from counted
    cross join pair
)

select * from research_shares
union all
select * from research_head_to_head
union all
select * from head_to_head_by_source
