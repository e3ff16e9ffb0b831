-- 95 percent Wilson score interval of a share, in percent: `part` members out of `base`.
-- Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference. z = 1.96.
create or replace macro main.wilson_low_pct(part, base) as
    case
        when base > 0 then 100 * greatest(0,
            (part / base + 1.96 * 1.96 / (2 * base)
                - 1.96 * sqrt(part / base * (1 - part / base) / base + 1.96 * 1.96 / (4 * base * base)))
            / (1 + 1.96 * 1.96 / base))
    end;

create or replace macro main.wilson_high_pct(part, base) as
    case
        when base > 0 then 100 * least(1,
            (part / base + 1.96 * 1.96 / (2 * base)
                + 1.96 * sqrt(part / base * (1 - part / base) / base + 1.96 * 1.96 / (4 * base * base)))
            / (1 + 1.96 * 1.96 / base))
    end;
