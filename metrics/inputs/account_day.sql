-- about: The active days of the accounts touched, as they are and as they were (under a negative key).
with after as (
    select * from day_before anti join day_change
        on day_change.actor_key = day_before.actor_key and day_change.day = day_before.day
    union all
    select * from day_change
),
both_ways as (
    select coalesce(merged.into_key, after.actor_key) as account_key, after.day, after.last_at
    from after
    left join merged on merged.account_key = after.actor_key
    semi join touched on touched.account_key = coalesce(merged.into_key, after.actor_key)
    union all
    select -coalesce(member_before.account_key, day_before.actor_key), day_before.day, day_before.last_at
    from day_before
    left join member_before on member_before.actor_key = day_before.actor_key
    semi join touched on touched.account_key = coalesce(member_before.account_key, day_before.actor_key)
)
select
    account_key,
    day,
    max(last_at) as last_at,
from both_ways
group by account_key, day
