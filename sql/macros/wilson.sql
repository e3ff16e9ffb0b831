-- 95 percent Wilson score interval of a share, in percent: `part` members out of `base`.
-- Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference. z = 1.96.
-- Members that come in clusters tell less than as many independent ones: their number counts divided by the design effect
-- (Kish, L. (1965), Survey Sampling), and the share stays what it is.
create or replace macro main.wilson_low_pct(part, base, effect := 1) as
    case
        when base > 0 then 100 * greatest(0,
            (part / base + 1.96 * 1.96 * effect / (2 * base)
                - 1.96 * sqrt(part / base * (1 - part / base) * effect / base
                    + 1.96 * 1.96 * effect * effect / (4 * base * base)))
            / (1 + 1.96 * 1.96 * effect / base))
    end;

create or replace macro main.wilson_high_pct(part, base, effect := 1) as
    case
        when base > 0 then 100 * least(1,
            (part / base + 1.96 * 1.96 * effect / (2 * base)
                + 1.96 * sqrt(part / base * (1 - part / base) * effect / base
                    + 1.96 * 1.96 * effect * effect / (4 * base * base)))
            / (1 + 1.96 * 1.96 * effect / base))
    end;
