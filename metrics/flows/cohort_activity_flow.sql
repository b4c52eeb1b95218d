-- about: Of those who signed up in a week or month, by profile, the accounts active in each later week or month.
-- caveat: One branch a grain on purpose: a join by grain would double the rows before they are filtered.
select
    'week' as grain,
    week_of(account_activity.created_day) as cohort_start,
    week_of(account_activity.day) as period_start,
    account_activity.profile_key,
    cast(sum(account_activity.weight) as bigint) as retained,
from account_activity
where account_activity.is_first_in_week = 1
group by week_of(account_activity.created_day), week_of(account_activity.day), account_activity.profile_key
union all
select
    'month' as grain,
    month_of(account_activity.created_day) as cohort_start,
    month_of(account_activity.day) as period_start,
    account_activity.profile_key,
    cast(sum(account_activity.weight) as bigint) as retained,
from account_activity
where account_activity.is_first_in_month = 1
group by month_of(account_activity.created_day), month_of(account_activity.day), account_activity.profile_key
