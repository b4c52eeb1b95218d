-- about: Where every account stands at as_of: onboarding, activity and MRR.
with last_change as (
    select
        account_key,
        arg_max(mrr_after, day) as mrr,
        max(day) filter (mrr_before <= 0 and mrr_after > 0) as paying_since,
    from mrr_change
    group by account_key
),
last_activity as (
    select account_key, day as last_active_day from account_activity where next_day is null
)
select
    account.account_id,
    account.name,
    account.email,
    account.owner,
    account.created_at,
    account.created_day,
    account_dimension.* exclude (account_key),
    cast(account_onboarding.steps_reached as integer) as steps_reached,
    case
        when account_onboarding.activated_day is null
            then account.created_at + to_microseconds(coalesce(account_onboarding.last_step_us, 0))
    end as stuck_since,
    account.created_at + to_microseconds(account_onboarding.value_us) as first_value_at,
    case
        when account_onboarding.activated_day is not null
            then account.created_at + to_microseconds(account_onboarding.last_step_us)
    end as activated_at,
    last_activity.last_active_day,
    cast(coalesce(last_change.mrr, 0) as decimal(18, 4)) as mrr,
    case when last_change.mrr > 0 then last_change.paying_since end as paying_since,
from account
join account_dimension on account_dimension.account_key = account.account_key
join account_onboarding on account_onboarding.account_key = account.account_key
left join last_change on last_change.account_key = account.account_key
left join last_activity on last_activity.account_key = account.account_key
