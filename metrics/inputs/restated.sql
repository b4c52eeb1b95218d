-- about: The accounts of which more may be shown otherwise than their last active day.
select account_key from account_change
union
select account_key from first_change
union
select account_key from paying_scope
union
select account_key from kept_account
where
    created_at + to_microseconds($within_us) > $before
    and created_at + to_microseconds($within_us) <= $as_of
