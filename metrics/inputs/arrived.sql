-- about: The events that are new to this refresh: loaded since the last one, or in the future until now.
select
    account_key as actor_key,
    day,
    occurred_at,
    name_key,
from events
where import_id > $since and occurred_at <= $as_of
union all
select
    actor_key,
    day,
    occurred_at,
    name_key,
from kept_ahead
where occurred_at <= $as_of
