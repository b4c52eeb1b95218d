-- about: When everybody last did something on the day of their account's sign-up, for a refresh from the facts alone.
select
    arrived_day.actor_key,
    arrived_day.day,
    arrived_day.last_at,
from arrived_day
left join merged on merged.account_key = arrived_day.actor_key
join account_now
    on account_now.account_key = coalesce(merged.into_key, arrived_day.actor_key)
    and account_now.created_day = arrived_day.day
