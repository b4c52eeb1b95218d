-- about: Where every account stands at as_of: onboarding, activity and MRR.
-- caveat: Written for the accounts restated; of the others only the last active day changes, and is set alone.
with shown as (
    select kept_account.* from kept_account semi join restated_account using (account_key)
),
last_change as (
    select
        account_key,
        arg_max(mrr_after, day) as mrr,
        max(day) filter (mrr_before <= 0 and mrr_after > 0) as paying_since,
        max(day) as mrr_changed_day,
        arg_max(movement, day) as last_movement,
        arg_max(delta, day) as last_mrr_change,
    from kept_mrr_change
    semi join restated_account using (account_key)
    group by account_key
)
select
    shown.account_id,
    shown.name,
    shown.email,
    shown.owner,
    shown.created_at,
    shown.created_day,
    profile_dimension.* exclude (profile_key),
    cast(kept_onboarding.steps_reached as integer) as steps_reached,
    case
        when kept_onboarding.activated_day is null
            then shown.created_at + to_microseconds(coalesce(kept_onboarding.last_step_us, 0))
    end as stuck_since,
    shown.created_at + to_microseconds(kept_onboarding.value_us) as first_value_at,
    case
        when kept_onboarding.activated_day is not null
            then shown.created_at + to_microseconds(kept_onboarding.last_step_us)
    end as activated_at,
    kept_active.last_active_day,
    cast(coalesce(last_change.mrr, 0) as decimal(18, 4)) as mrr,
    case when last_change.mrr > 0 then last_change.paying_since end as paying_since,
    last_change.mrr_changed_day,
    last_change.last_movement,
    last_change.last_mrr_change,
from shown
join profile_dimension on profile_dimension.profile_key = shown.profile_key
join kept_onboarding on kept_onboarding.account_key = shown.account_key
left join last_change on last_change.account_key = shown.account_key
left join kept_active on kept_active.account_key = shown.account_key
