-- about: The events of every account, by name, for a refresh from the facts alone.
select
    kept_account.account_key,
    arrived.name_key,
    arrived.day,
    kept_account.created_day,
from arrived
left join merged on merged.account_key = arrived.actor_key
join kept_account on kept_account.account_key = coalesce(merged.into_key, arrived.actor_key)
where arrived.occurred_at >= kept_account.created_at and arrived.name_key in (select name_key from counted_name)
