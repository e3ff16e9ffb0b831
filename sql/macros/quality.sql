-- From the best to the worst kind of figure; of a mixture the worst counts.
create or replace macro main.quality_rank(quality) as
    list_position(['full', 'decoded', 'sample', 'fitted_base', 'digitised', 'published', 'detected'], quality);

create or replace macro main.worse_quality(quality_a, quality_b) as
    if(quality_rank(quality_b) > quality_rank(quality_a), quality_b, quality_a);

-- Over the rows of a group.
create or replace macro main.worst_quality(quality) as max_by(quality, quality_rank(quality));
