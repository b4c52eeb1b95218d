-- about: Of a cohort, by week and by month of sign-up, the accounts active in each later week or month.
with active as (
    select
        cohort.period_key as cohort_key,
        active_in.period_key,
        account_activity.profile_key,
        count(*) as retained,
    from account_activity
    join day_period as cohort on cohort.day = account_activity.created_day and cohort.grain = 'week'
    join day_period as active_in on active_in.day = account_activity.day and active_in.grain = 'week'
    where account_activity.is_first_in_week = 1
    group by cohort.period_key, active_in.period_key, account_activity.profile_key
    union all
    select
        cohort.period_key as cohort_key,
        active_in.period_key,
        account_activity.profile_key,
        count(*) as retained,
    from account_activity
    join day_period as cohort on cohort.day = account_activity.created_day and cohort.grain = 'month'
    join day_period as active_in on active_in.day = account_activity.day and active_in.grain = 'month'
    where account_activity.is_first_in_month = 1
    group by cohort.period_key, active_in.period_key, account_activity.profile_key
)
select
    active.cohort_key,
    active.period_key,
    profile_segment.segment_key,
    cast(sum(active.retained) as bigint) as retained,
from active
join profile_segment on profile_segment.profile_key = active.profile_key
group by active.cohort_key, active.period_key, profile_segment.segment_key
