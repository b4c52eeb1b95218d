-- about: When everybody last did something on the day of their account's sign-up, for a refresh from the facts alone.
select
    arrived_day.actor_key,
    arrived_day.day,
    arrived_day.last_at,
from arrived_day
left join merged on merged.account_key = arrived_day.actor_key
join kept_account
    on kept_account.account_key = coalesce(merged.into_key, arrived_day.actor_key)
    and kept_account.created_day = arrived_day.day
