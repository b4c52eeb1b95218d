-- about: The new events of accounts, by name; all events of those that began at another time or have other members.
with told as (
    select
        coalesce(merged.into_key, arrived.actor_key) as account_key,
        arrived.name_key,
        arrived.day,
        arrived.occurred_at,
    from arrived
    left join merged on merged.account_key = arrived.actor_key
    where
        arrived.actor_key in (select actor_key from new_actor)
        or coalesce(merged.into_key, arrived.actor_key) not in (
            select account_key from account_change where has_other_events
        )
    union all
    select account_key, name_key, day, occurred_at from recalled
)
select
    told.account_key,
    told.name_key,
    told.day,
    kept_account.created_day,
from told
join kept_account on kept_account.account_key = told.account_key
where told.occurred_at >= kept_account.created_at and told.name_key in (select name_key from counted_name)
