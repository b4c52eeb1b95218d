-- about: Matured accounts by day of sign-up, profile and the number of onboarding steps they reached in a row.
select
    account_onboarding.created_day as day,
    account_onboarding.profile_key,
    account_onboarding.steps_reached,
    cast(sum(account_onboarding.weight) as bigint) as accounts,
from account_onboarding
where account_onboarding.is_matured = 1
group by account_onboarding.created_day, account_onboarding.profile_key, account_onboarding.steps_reached
