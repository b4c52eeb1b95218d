-- about: By day and profile: sign-ups, how many of them have had their time and activated, and activations that day.
with daily as (
    select
        account_onboarding.created_day as day,
        account_onboarding.profile_key,
        cast(sum(account_onboarding.weight) as bigint) as signups,
        cast(sum(account_onboarding.weight * account_onboarding.is_matured) as bigint) as matured,
        cast(
            sum(
                case
                    when account_onboarding.activated_day is null then 0
                    else account_onboarding.weight * account_onboarding.is_matured
                end
            ) as bigint
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
        cast(sum(account_onboarding.weight) as bigint) as activations,
    from account_onboarding
    where account_onboarding.activated_day is not null
    group by account_onboarding.activated_day, account_onboarding.profile_key
)
select
    daily.day,
    daily.profile_key,
    cast(sum(daily.signups) as bigint) as signups,
    cast(sum(daily.matured) as bigint) as matured,
    cast(sum(daily.activated) as bigint) as activated,
    cast(sum(daily.activations) as bigint) as activations,
from daily
group by daily.day, daily.profile_key
