-- about: Sign-ups, matured accounts and activations for every period and segment since the first account.
with daily as (
    select
        account_onboarding.created_day as day,
        account_onboarding.profile_key,
        count(*) as signups,
        cast(sum(account_onboarding.is_matured) as bigint) as matured,
        cast(
            sum(case when account_onboarding.activated_day is null then 0 else account_onboarding.is_matured end)
            as bigint
        ) as activated,
        cast(0 as bigint) as activations,
    from account_onboarding
    group by account_onboarding.created_day, account_onboarding.profile_key
    union all
    select
        account_onboarding.activated_day as day,
        account_onboarding.profile_key,
        cast(0 as bigint) as signups,
        cast(0 as bigint) as matured,
        cast(0 as bigint) as activated,
        count(*) as activations,
    from account_onboarding
    where account_onboarding.activated_day is not null
    group by account_onboarding.activated_day, account_onboarding.profile_key
),
rolled as (
    select
        day_period.period_key,
        profile_segment.segment_key,
        cast(sum(daily.signups) as bigint) as signups,
        cast(sum(daily.matured) as bigint) as matured,
        cast(sum(daily.activated) as bigint) as activated,
        cast(sum(daily.activations) as bigint) as activations,
    from daily
    join day_period on day_period.day = daily.day
    join profile_segment on profile_segment.profile_key = daily.profile_key
    group by day_period.period_key, profile_segment.segment_key
)
select
    calendar.period_key,
    calendar.grain,
    calendar.period_start,
    segment.segment_key,
    segment.dimension,
    segment.segment,
    calendar.is_complete,
    calendar.is_matured,
    coalesce(rolled.signups, 0) as signups,
    coalesce(rolled.matured, 0) as matured,
    coalesce(rolled.activated, 0) as activated,
    coalesce(rolled.activations, 0) as activations,
from calendar
cross join segment
left join rolled on rolled.period_key = calendar.period_key and rolled.segment_key = segment.segment_key
where calendar.has_accounts
