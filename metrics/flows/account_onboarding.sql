-- about: How far each account came in onboarding within its window, and when it first got value.
with reached as (
    select
        first_event.account_key,
        first_event.day,
        first_event.elapsed_us,
        setting_step.step,
        row_number() over (partition by first_event.account_key order by setting_step.step) as nth,
    from first_event
    join setting_step on setting_step.name = first_event.name
    where first_event.elapsed_us < $within_us
),
progress as (
    select
        reached.account_key,
        max(case when reached.step = reached.nth then reached.step else 0 end) as steps_reached,
        max(case when reached.step = reached.nth then reached.elapsed_us end) as last_step_us,
        max(reached.day) as last_day,
    from reached
    group by reached.account_key
),
first_value_event as (
    select
        first_event.account_key,
        min(first_event.elapsed_us) as elapsed_us,
    from first_event
    join setting_value on setting_value.name = first_event.name
    group by first_event.account_key
)
select
    account.account_key,
    account.weight,
    account.profile_key,
    account.created_at,
    account.created_day,
    account.age_us,
    case when account.age_us >= $within_us then 1 else 0 end as is_matured,
    coalesce(progress.steps_reached, 0) as steps_reached,
    progress.last_step_us,
    case when progress.steps_reached = $step_count then progress.last_day end as activated_day,
    first_value_event.elapsed_us as value_us,
from account
left join progress on progress.account_key = account.account_key
left join first_value_event on first_value_event.account_key = account.account_key
