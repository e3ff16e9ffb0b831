-- Members below which a share is neither drawn nor told; where no members are counted there is nothing to ask for.
create or replace macro main.is_enough(base, is_binomial) as not is_binomial or coalesce(base >= 30, true);
