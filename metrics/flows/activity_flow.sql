-- about: Active accounts by day and profile, counted so that weeks, months and 28 days add up without doubles.
-- caveat: change_28 is by how many accounts the trailing 28 days differ from those of the day before.
with counted as (
    select
        account_activity.day,
        account_activity.profile_key,
        cast(sum(account_activity.weight) as bigint) as active,
        cast(sum(account_activity.weight * account_activity.is_first_in_week) as bigint) as first_in_week,
        cast(sum(account_activity.weight * account_activity.is_first_in_month) as bigint) as first_in_month,
        cast(
            sum(
                case
                    when days_between(account_activity.previous_day, account_activity.day) < 28 then 0
                    else account_activity.weight
                end
            ) as bigint
        ) as change_28,
    from account_activity
    group by account_activity.day, account_activity.profile_key
    union all
    select
        add_days(account_activity.day, 28) as day,
        account_activity.profile_key,
        cast(0 as bigint) as active,
        cast(0 as bigint) as first_in_week,
        cast(0 as bigint) as first_in_month,
        -cast(sum(account_activity.weight) as bigint) as change_28,
    from account_activity
    where
        account_activity.next_day is null
        or days_between(account_activity.day, account_activity.next_day) >= 28
    group by account_activity.day, account_activity.profile_key
)
select
    counted.day,
    counted.profile_key,
    cast(sum(counted.active) as bigint) as active,
    cast(sum(counted.first_in_week) as bigint) as first_in_week,
    cast(sum(counted.first_in_month) as bigint) as first_in_month,
    cast(sum(counted.change_28) as bigint) as change_28,
from counted
group by counted.day, counted.profile_key
