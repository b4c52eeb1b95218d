-- about: Every account that may count otherwise than at the last refresh.
select account_key from account_change where is_counted_otherwise
union
select coalesce(merged.into_key, day_change.actor_key)
from day_change
left join merged on merged.account_key = day_change.actor_key
union
select account_key from first_change
union
select account_key from paying_scope
union
select account_key
from kept_account
where
    created_at + to_microseconds($within_us) > $before
    and created_at + to_microseconds($within_us) <= $as_of
