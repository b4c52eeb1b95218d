-- about: The active days that are new, or on which the last deed decides whether the day counts.
-- caveat: When an account last did something on a day matters on the day of its sign-up only.
with found as (
    select
        arrived_day.actor_key,
        arrived_day.day,
        arrived_day.last_at,
        kept_account.created_day,
        coalesce(account_change.has_other_events, false) as is_recalled,
    from arrived_day
    left join merged on merged.account_key = arrived_day.actor_key
    left join kept_account on kept_account.account_key = coalesce(merged.into_key, arrived_day.actor_key)
    left join account_change on account_change.account_key = coalesce(merged.into_key, arrived_day.actor_key)
    union all
    select recalled.actor_key, recalled.day, max(recalled.occurred_at), kept_account.created_day, true
    from recalled
    left join kept_account on kept_account.account_key = recalled.account_key
    where $any_event or recalled.name_key in (
        select name_key from event_names where name in (select name from setting_engagement)
    )
    group by all
)
select
    found.actor_key,
    found.day,
    max(case when found.day = found.created_day then found.last_at end) as last_at,
    bool_or(coalesce((month_before.days >> (day(found.day) - 1)) & 1, 0) = 0) as is_new,
from found
left join month_before
    on month_before.actor_key = found.actor_key and month_before.month = month_of(found.day)
left join kept_last
    on kept_last.actor_key = found.actor_key and kept_last.day = found.day
where
    coalesce((month_before.days >> (day(found.day) - 1)) & 1, 0) = 0
    or (
        found.day = found.created_day
        and (found.is_recalled or kept_last.last_at is null or found.last_at > kept_last.last_at)
    )
group by found.actor_key, found.day
