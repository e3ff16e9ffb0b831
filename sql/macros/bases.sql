-- Members below which a share is neither drawn nor told; where no members are counted there is nothing to ask for.
create or replace macro main.is_enough(base, is_binomial) as not is_binomial or coalesce(base >= 30, true);

-- Standard error in points of a share of counted members, with half a member more on each side, so that a share of 0 or 100
-- keeps one. None where the parts are no counts: a stock may have lost members.
create or replace macro main.counting_error_pct(part, total) as
    if(part between 0 and total and total > 0,
        100 * sqrt((part + 0.5) / (total + 1) * (1 - (part + 0.5) / (total + 1)) / total), null);

-- A percent, or a point of an index, that is told as changed.
create or replace macro main.is_news_in_points(now_is, was) as abs(now_is - was) > 2;
