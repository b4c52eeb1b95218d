-- about: The accounts of which something was said since the last refresh, or of which time has come.
with named as (
    select account_key
    from accounts
    where import_id > $since or (created_at > $before and created_at <= $as_of)
    union all
    select account_key
    from account_updates
    where
        import_id > $since
        or (updated_at > $before and updated_at <= $as_of)
        or (created_at > $before and created_at <= $as_of)
    union all
    select account_key
    from first_seen
    where import_id > $since or (first_at > $before and first_at <= $as_of)
    union all
    select arrived_actor.actor_key
    from arrived_actor
    left join kept_actor on kept_actor.actor_key = arrived_actor.actor_key
    where kept_actor.first_at is null or arrived_actor.first_at < kept_actor.first_at
    union all
    select actor_key from moved
    union all
    select old_key from moved
)
select distinct coalesce(merged.into_key, named.account_key) as account_key
from named
left join merged on merged.account_key = named.account_key
union
select old_key as account_key from moved
