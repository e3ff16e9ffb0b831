-- What the figures say of each claim: the measured value, the counts behind it and how it can be read.
-- @grain claim_id
with
first as (from intermediate.claim_windows where slot_number = 1),
last as (from intermediate.claim_windows where slot_number = 2),

joined as (
    select
        claims.*,
        first.claim_id is not null as has_figures,
        first.is_binomial, first.is_sample, first.design_effect, first.reading_error as e,
        columns(first.* exclude (claim_id, slot_start, slot_number, is_binomial, is_sample, reading_error, design_effect))
            as 'x_\0',
        columns(last.* exclude (claim_id, slot_start, slot_number, is_binomial, is_sample, reading_error, design_effect))
            as 'y_\0',
        ranks.place, ranks.option_count, ranks.is_complete as is_listed, ranks.listed,
        leads.led_from, leads.led_from_earliest, leads.led_from_latest, leads.searched_to, events.event_date,
        agreement.agreement_pct, agreement.agreement_low_pct, agreement.agreement_high_pct, agreement.basis
    from staging.reference__claims as claims
    left join first using (claim_id)
    left join last using (claim_id)
    left join intermediate.claim_ranks as ranks using (claim_id)
    left join intermediate.claim_leads as leads using (claim_id)
    left join intermediate.detection_agreement as agreement on claims.measure = 'agreement' and agreement.scope = 'archive'
    left join staging.reference__events as events on claims.source = 'events' and events.event_id = claims.series
),

valued as (
    select
        *,
        case measure
            when 'share' then x_f_share_pct
            when 'sum_share' then 100 * (x_f_value + x_g_value) / nullif(x_f_base, 0)
            when 'pair_share' then x_pair_share_pct
            when 'min_over_populations' then 100 * x_least_part / nullif(x_least_total, 0)
            when 'difference' then if(unit = 'percentage_points', x_f_share_pct - x_g_share_pct, x_f_value - x_g_value)
            when 'ratio' then x_f_value / nullif(x_g_value, 0)
            when 'growth_ratio' then (y_f_value / nullif(x_f_value, 0)) / nullif(y_g_value / nullif(x_g_value, 0), 0)
            when 'change' then
                case
                    when framework_b is not null then y_pair_share_pct - x_pair_share_pct
                    when unit = 'percentage_points' then y_f_share_pct - x_f_share_pct
                    else y_f_value - x_f_value
                end
            when 'rank' then if(option_count >= 5, place, null)
            when 'event_year' then year(event_date)
            when 'agreement' then agreement_pct
        end as measured_value,
        case measure
            when 'share' then x_f_value
            when 'sum_share' then x_f_value + x_g_value
            when 'pair_share' then x_f_value
            when 'min_over_populations' then x_least_part
        end as part_value,
        case measure
            when 'share' then x_f_base
            when 'sum_share' then x_f_base
            when 'pair_share' then x_f_value + x_g_value
            when 'min_over_populations' then x_least_total
        end as total_value,
        -- The furthest that a value moves if each figure behind it is misread by its error.
        case measure
            when 'share' then e
            when 'pair_share' then 100 * e / nullif(x_f_value + x_g_value, 0)
            when 'difference' then 2 * e
            when 'ratio' then measured_value - (x_f_value - e) / nullif(x_g_value + e, 0)
            when 'change' then
                if(framework_b is null, 2 * e,
                    100 * e / nullif(x_f_value + x_g_value, 0) + 100 * e / nullif(y_f_value + y_g_value, 0))
        end as reach_down,
        if(measure = 'ratio', (x_f_value + e) / if(x_g_value > e, x_g_value - e, null) - measured_value, reach_down)
            as reach_up
    from joined
)

select
    claim_id,
    measured_value::double as measured_value,
    if(measure = 'first_lead', led_from, null) as measured_date,
    e as reading_error,
    coalesce(agreement_low_pct, measured_value - reach_down)::double as reading_low,
    coalesce(agreement_high_pct, measured_value + reach_up)::double as reading_high,
    if(measure = 'first_lead', led_from_earliest, null) as date_low,
    if(measure = 'first_lead', led_from_latest, null) as date_high,
    coalesce(is_sample, agreement_pct is not null) as is_sample,
    coalesce(design_effect, 1) as design_effect,
    if(is_binomial and total_value > 0, part_value, null) as part,
    if(is_binomial and total_value > 0, total_value, null)::bigint as total,
    case
        when measure = 'event_year' then 'dated ' || period_words('day', event_date)
        when measure = 'agreement' then
            format('{:.1f} to {:.1f} percent, {}', agreement_low_pct, agreement_high_pct, basis)
        when measure = 'first_lead' and led_from is null then format('not ahead at the end, {}', period_words('day', searched_to))
        when measure = 'first_lead' then format('ahead up to {}', period_words('day', searched_to))
        when measure = 'rank' then listed
        when measure = 'min_over_populations' then x_least_words
        when measure = 'share' and x_f_base is null then number_words(x_f_value) || ' percent, without a base'
        when measure = 'share' then format('{} of {}', number_words(x_f_value), number_words(x_f_base))
        when measure = 'sum_share' then format('{} of {}', number_words(x_f_value + x_g_value), number_words(x_f_base))
        when measure = 'growth_ratio' then
            format('grew {:.2f} times against {:.2f}', y_f_value / nullif(x_f_value, 0), y_g_value / nullif(x_g_value, 0))
        when measure = 'change' and framework_b is not null then
            format('{:.1f} to {:.1f} percent of both', x_pair_share_pct, y_pair_share_pct)
        when measure = 'change' and x_f_base is null then format('{:.1f} to {:.1f}', x_f_value, y_f_value)
        when measure = 'change' and unit = 'percentage_points' then
            format('{:.1f} percent ({} of {}) to {:.1f} percent ({} of {})',
                x_f_share_pct, number_words(x_f_value), number_words(x_f_base),
                y_f_share_pct, number_words(y_f_value), number_words(y_f_base))
        when measure = 'change' then format('{} to {}', number_words(x_f_value), number_words(y_f_value))
        else format('{} against {}', number_words(x_f_value), number_words(x_g_value))
    end as figures,
    case
        when source = 'events' then if(event_date is null, 'no event ' || series, null)
        when measure = 'agreement' then if(agreement_pct is null, 'no label was compared yet', null)
        when not has_figures then concat_ws(' ', 'no figures of', framework, framework_b, 'for the periods named')
        when measure = 'rank' and option_count < 5 then format('only {} frameworks in the group', option_count)
        when measure = 'rank' and not is_listed then 'not every option above it has a figure'
        when measure <> 'first_lead' and measured_value is null then 'one of the figures is zero or missing'
    end as problem
from valued
