-- The source whose landing a series is made of, where it is not the source that the figures belong to: labels of
-- repositories continue the series of two sources.
create or replace macro main.landed_by(source, series) as
    if(
        (source = 'papers_after_2025' and starts_with(series, 'repositories_')) or series = 'repositories_drawn',
        'repository_frameworks',
        source
    );
