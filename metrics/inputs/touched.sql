-- about: Every account that may count otherwise than at the last refresh.
select account_key from restated
union
select coalesce(merged.into_key, day_change.actor_key)
from day_change
left join merged on merged.account_key = day_change.actor_key
