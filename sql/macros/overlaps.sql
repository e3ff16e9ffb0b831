-- McNemar's z (1947): of those who named one of two only, how far from half named the first. Who named both says nothing.
create or replace macro main.mcnemar_z(only_a, only_b) as (only_a - only_b) / sqrt(nullif(only_a + only_b, 0));

-- Standard error in points of the pair's share (only_a + both) / (only_a + only_b + 2 both), when the same people stand on
-- both sides: by the delta method. A binomial one would be about twice as large in variance.
create or replace macro main.overlap_error_pct(only_a, named_both, only_b) as
    100 * sqrt(
        only_a * pow(1 - (only_a + named_both) / (only_a + only_b + 2 * named_both), 2)
        + named_both * pow(1 - 2 * (only_a + named_both) / (only_a + only_b + 2 * named_both), 2)
        + only_b * pow((only_a + named_both) / (only_a + only_b + 2 * named_both), 2)
    ) / (only_a + only_b + 2 * named_both);

-- What respondents with several answers named.
create or replace macro main.overlap_words(label_a, label_b, only_a, named_both, only_b) as
    format('Of {:,} who named either, {} named {} alone, {} both and {} {} alone.', only_a + named_both + only_b,
        percent_words(100 * only_a / (only_a + named_both + only_b)), label_a,
        percent_words(100 * named_both / (only_a + named_both + only_b)),
        percent_words(100 * only_b / (only_a + named_both + only_b)), label_b);
