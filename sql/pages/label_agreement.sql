-- How often our label of a repository is the one that Papers With Code gave, in words: by its label, and over all.
-- @grain scope, theirs
-- @column scope: label, looked at, or archive
-- @column theirs: framework that Papers With Code gave; null over all
-- @column label: what the row is about
-- @column count_words: labels that agree, of how many
select
    agreement.scope, agreement.theirs,
    case agreement.scope
        when 'label' then frameworks.label
        when 'looked at' then 'All of them'
        else 'Weighted to the mix of labels of the archive'
    end as label,
    coalesce(
        format('{} of {}', number_words(agreement.agreeing_count), number_words(agreement.repository_count)),
        format('over {}', number_words(agreement.repository_count))
    ) as count_words,
    percent_words(agreement.agreement_pct) as agreement_words,
    format('{} to {}', percent_words(agreement.agreement_low_pct), percent_words(agreement.agreement_high_pct))
        as interval_words,
    agreement.basis
from marts.detection_agreement as agreement
left join marts.frameworks as frameworks on frameworks.framework = agreement.theirs
where agreement.scope <> 'year'
order by list_position(['archive', 'looked at', 'label'], agreement.scope), frameworks.framework_order
