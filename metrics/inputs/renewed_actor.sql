-- about: Everybody of an account that began at another time, or has other members, than before.
select account_key as actor_key from account_change where has_other_events
union
select merged.account_key
from merged
join account_change on account_change.account_key = merged.into_key and account_change.has_other_events
union
select actor_key from moved
