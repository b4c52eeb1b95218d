-- about: Which account an id stood for at the last refresh, where it was not its own.
select
    actor_key,
    old_key as account_key,
from moved
where old_key <> actor_key
union all
select
    merged.account_key as actor_key,
    merged.into_key as account_key,
from merged
anti join moved on moved.actor_key = merged.account_key
