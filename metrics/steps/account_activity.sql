-- about: An account's active days, each with the active day before it and the one after.
select
    account_day.account_key,
    account.profile_key,
    account.created_day,
    account_day.day,
    lag(account_day.day) over (partition by account_day.account_key order by account_day.day) as previous_day,
    lead(account_day.day) over (partition by account_day.account_key order by account_day.day) as next_day,
from account_day
join account on account.account_key = account_day.account_key
