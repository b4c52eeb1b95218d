-- about: Events that lie in the future still.
select
    account_key as actor_key,
    day,
    occurred_at,
    name_key,
from events
where import_id > $since and occurred_at > $as_of
