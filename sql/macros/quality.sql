-- From the best to the worst kind of figure; of a mixture the worst counts.
create or replace macro main.quality_rank(quality) as
    list_position(['full', 'decoded', 'sample', 'fitted_base', 'digitised', 'published', 'detected'], quality);

create or replace macro main.worse_quality(quality_a, quality_b) as
    if(quality_rank(quality_b) > quality_rank(quality_a), quality_b, quality_a);

-- All that there are were counted, one by one: such a figure is a fact. Only what is a part of all, or may be misread, can
-- leave an order open; an answer to a survey is a fact about those who answered.
create or replace macro main.is_complete_count(unit, quality) as
    unit not in ('index_0_100', 'percent') and quality in ('full', 'decoded');

-- Over the rows of a group.
create or replace macro main.worst_quality(quality) as max_by(quality, quality_rank(quality));

-- How sure a figure is that has no interval.
create or replace macro main.quality_words(quality) as
    case quality
        when 'full' then 'counted in full'
        when 'decoded' then 'counts read out of a published picture'
        when 'published' then 'as printed; the counts are not published'
        when 'sample' then 'a sample without an interval'
        when 'digitised' then 'read off a picture; how far it may be off is not known'
        when 'fitted_base' then 'the base is inferred from published shares'
        when 'detected' then 'labelled by our own rules'
        else quality
    end;
