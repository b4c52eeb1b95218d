-- about: Whose active days matter, and which of them: of months around the new ones, all of an account that changed.
with account_window as (
    select
        coalesce(merged.into_key, arrived_day.actor_key) as account_key,
        min(arrived_day.day) - 31 as from_day,
        max(arrived_day.day) + 31 as to_day,
    from arrived_day
    left join merged on merged.account_key = arrived_day.actor_key
    group by all
    union all
    select account_key, date '0001-01-01', date '9999-12-31'
    from account_change
    where is_counted_otherwise
),
account_once as (
    select account_key, min(from_day) as from_day, max(to_day) as to_day from account_window group by account_key
),
actor as (
    select account_key as actor_key, from_day, to_day from account_once
    union all
    select merged.account_key, from_day, to_day
    from merged
    join account_once on account_once.account_key = merged.into_key
    union all
    select moved.actor_key, from_day, to_day
    from moved
    join account_once on account_once.account_key in (moved.old_key, moved.new_key)
)
select
    actor.actor_key,
    month_of(greatest(min(actor.from_day), coalesce(min(kept_actor.first_day), date '9999-12-31'))) as from_day,
    least(max(actor.to_day), coalesce(max(kept_actor.last_day), date '0001-01-01')) as to_day,
from actor
left join kept_actor on kept_actor.actor_key = actor.actor_key
group by actor.actor_key
