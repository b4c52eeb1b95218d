-- about: The active days of every account, for a refresh from the facts alone.
select
    coalesce(merged.into_key, arrived_day.actor_key) as account_key,
    arrived_day.day,
    max(arrived_day.last_at) as last_at,
from arrived_day
left join merged on merged.account_key = arrived_day.actor_key
group by all
