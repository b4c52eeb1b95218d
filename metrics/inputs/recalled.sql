-- about: All events of the accounts that began at another time, or have other members, than before.
-- caveat: Whose first event is new has nothing to recall.
with account_of as (
    select account_key as actor_key, account_key from account_change where has_other_events
    union all
    select merged.account_key, merged.into_key
    from merged
    join account_change on account_change.account_key = merged.into_key and account_change.has_other_events
),
reader as (
    select account_of.actor_key, account_of.account_key, kept_actor.first_day, kept_actor.last_day
    from account_of
    join kept_actor on kept_actor.actor_key = account_of.actor_key
    anti join new_actor on new_actor.actor_key = account_of.actor_key
)
select
    reader.actor_key,
    reader.account_key,
    events.day,
    events.occurred_at,
    events.name_key,
from events
join reader on reader.actor_key = events.account_key
where events.day between $low and $high and events.occurred_at <= $as_of
