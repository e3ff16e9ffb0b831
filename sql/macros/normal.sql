-- Probability that a normal variable is below z, within 1.2e-7 (Numerical Recipes' erfc by a Chebyshev fit; DuckDB has none).
create or replace macro main.normal_below(z) as (
    select if(z > 0, 1 - upper_tail, upper_tail)
    from (
        select 0.5 * t * exp(-z * z / 2 - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418
            + t * (-0.18628806 + t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223
            + t * 0.17087277))))))))) as upper_tail
        from (select 1 / (1 + abs(z) / sqrt(8)) as t)
    )
);
