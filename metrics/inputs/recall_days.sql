-- about: Between which days the events lie that have to be read again.
select
    min(kept_actor.first_day) as first_day,
    max(kept_actor.last_day) as last_day,
from kept_actor
left join merged on merged.account_key = kept_actor.actor_key
semi join account_change
    on account_change.account_key = coalesce(merged.into_key, kept_actor.actor_key) and account_change.has_other_events
anti join new_actor on new_actor.actor_key = kept_actor.actor_key
