-- about: Of a cohort, by week and by month of sign-up, the accounts active in each later week or month.
with active as (
    select
        'week' as grain,
        week_of(account_activity.created_day) as cohort_start,
        week_of(account_activity.day) as period_start,
        account_activity.profile_key,
        count(*) as retained,
    from account_activity
    where
        account_activity.previous_day is null
        or week_of(account_activity.previous_day) <> week_of(account_activity.day)
    group by week_of(account_activity.created_day), week_of(account_activity.day), account_activity.profile_key
    union all
    select
        'month' as grain,
        month_of(account_activity.created_day) as cohort_start,
        month_of(account_activity.day) as period_start,
        account_activity.profile_key,
        count(*) as retained,
    from account_activity
    where
        account_activity.previous_day is null
        or month_of(account_activity.previous_day) <> month_of(account_activity.day)
    group by month_of(account_activity.created_day), month_of(account_activity.day), account_activity.profile_key
)
select
    active.grain,
    active.cohort_start,
    active.period_start,
    profile_segment.segment_key,
    cast(sum(active.retained) as bigint) as retained,
from active
join profile_segment on profile_segment.profile_key = active.profile_key
group by active.grain, active.cohort_start, active.period_start, profile_segment.segment_key
