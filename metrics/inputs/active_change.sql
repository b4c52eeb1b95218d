-- about: The last active day of the accounts touched.
select
    account_activity.account_key,
    case
        when coalesce(bool_or(account_change.is_counted_otherwise), false) then max(account_activity.day)
        else greatest(max(account_activity.day), max(kept_active.last_active_day))
    end as last_active_day,
from account_activity
left join account_change on account_change.account_key = account_activity.account_key
left join kept_active on kept_active.account_key = account_activity.account_key
where account_activity.weight = 1
group by account_activity.account_key
