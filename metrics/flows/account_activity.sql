-- about: An account's active days, each with the active day before it and the one after.
-- caveat: What was done on the day of sign-up counts from the moment of sign-up on.
--   is_first_in_week and is_first_in_month are 1 on the first active day of each, so that they can be summed.
with active as (
    select
        account_day.account_key,
        account.weight,
        account.profile_key,
        account.created_day,
        account_day.day,
        lag(account_day.day) over (partition by account_day.account_key order by account_day.day) as previous_day,
        lead(account_day.day) over (partition by account_day.account_key order by account_day.day) as next_day,
    from account_day
    join account on account.account_key = account_day.account_key
    where account_day.day > account.created_day or account_day.last_at >= account.created_at
)
select
    active.account_key,
    active.weight,
    active.profile_key,
    active.created_day,
    active.day,
    active.previous_day,
    active.next_day,
    case when active.previous_day >= week_of(active.day) then 0 else 1 end as is_first_in_week,
    case when active.previous_day >= month_of(active.day) then 0 else 1 end as is_first_in_month,
from active
