-- about: The active days of every account, for a refresh from the facts alone.
select
    coalesce(merged.into_key, kept_day.actor_key) as account_key,
    kept_day.day,
    max(kept_day.last_at) as last_at,
from kept_day
left join merged on merged.account_key = kept_day.actor_key
group by all
