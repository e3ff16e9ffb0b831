-- How a source stands, in one word: the one definition, for the release and its pages, `trends status` and the alerts.
--   held back        its newest landing is not used; what is in use is older
--   complete         its publisher has ended it, and its own files are in use
--   live             its files were confirmed within its cadence
--   cached           they were not, or its last check failed
--   imported         its files were given by the operator
--   never answered   it was asked and never gave anything
--   closed           its publisher has ended it, and only embedded figures are in use, or none
--   embedded         embedded figures are in use, and it was not asked yet or cannot be
--   waiting          nothing is in use yet: its turn, its quota or a file of the operator's is waited for
-- `origin` is the best one in use.
create or replace macro main.source_state(origin, is_ended, is_held_back, was_asked, has_answered) as
    case
        when is_held_back then 'held back'
        when origin in ('live', 'cached', 'imported') then if(is_ended, 'complete', origin)
        when was_asked and not has_answered then 'never answered'
        when is_ended then 'closed'
        when origin = 'reference' and not was_asked then 'embedded'
        else 'waiting'
    end;

-- When a person should look: unconfirmed for `stale_factor` cadences, or asked without any answer for two of them and at
-- least two days. What is ended cannot be late, nor what is not asked.
create or replace macro main.source_limits(state, cadence_days, stale_factor) as {
    'age_days': case
        when state not in ('complete', 'closed', 'imported', 'embedded', 'never answered') then stale_factor * cadence_days
    end,
    'asked_days': case when state = 'never answered' then greatest(2 * cadence_days, 2) end
};

create or replace macro main.source_is_late(state, age_days, asked_days, cadence_days, stale_factor) as
    coalesce(age_days > source_limits(state, cadence_days, stale_factor).age_days, false)
    or coalesce(asked_days > source_limits(state, cadence_days, stale_factor).asked_days, false);
