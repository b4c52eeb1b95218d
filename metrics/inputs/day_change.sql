-- about: The active days that are new, or on which the last deed decides whether the day counts.
-- caveat: When an account last did something on a day matters on the day of its sign-up only, and while it is unknown.
with found as (
    select arrived_day.actor_key, arrived_day.day, arrived_day.last_at, account_now.created_day, account_now.account_key
    from arrived_day
    left join merged on merged.account_key = arrived_day.actor_key
    left join account_now on account_now.account_key = coalesce(merged.into_key, arrived_day.actor_key)
    union all
    select recalled.actor_key, recalled.day, max(recalled.occurred_at), recalled.day, recalled.account_key
    from recalled
    where $any_event or recalled.name_key in (
        select name_key from event_names where name in (select name from setting_engagement)
    )
    group by all
)
select
    found.actor_key,
    found.day,
    max(found.last_at) as last_at,
from found
left join day_before on day_before.actor_key = found.actor_key and day_before.day = found.day
where
    day_before.day is null
    or (found.last_at > day_before.last_at and (found.account_key is null or found.created_day = found.day))
group by found.actor_key, found.day
