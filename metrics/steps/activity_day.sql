-- about: Active accounts by day and segment, counted so that weeks, months and 28 days add up without doubles.
-- caveat: joined_28 and left_28 say on which days an account enters and leaves the trailing 28 days.
with counted as (
    select
        account_activity.day,
        account_activity.profile_key,
        count(*) as active,
        cast(
            sum(
                case
                    when week_of(account_activity.previous_day) = week_of(account_activity.day) then 0
                    else 1
                end
            ) as bigint
        ) as first_in_week,
        cast(
            sum(
                case
                    when month_of(account_activity.previous_day) = month_of(account_activity.day) then 0
                    else 1
                end
            ) as bigint
        ) as first_in_month,
        cast(
            sum(
                case
                    when add_days(account_activity.previous_day, 28) > account_activity.day then 0
                    else 1
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
        -count(*) as change_28,
    from account_activity
    where account_activity.next_day is null or account_activity.next_day >= add_days(account_activity.day, 28)
    group by account_activity.day, account_activity.profile_key
)
select
    counted.day,
    profile_segment.segment_key,
    cast(sum(counted.active) as bigint) as active,
    cast(sum(counted.first_in_week) as bigint) as first_in_week,
    cast(sum(counted.first_in_month) as bigint) as first_in_month,
    cast(sum(counted.change_28) as bigint) as change_28,
from counted
join profile_segment on profile_segment.profile_key = counted.profile_key
group by counted.day, profile_segment.segment_key
