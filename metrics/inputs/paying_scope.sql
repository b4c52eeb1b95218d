-- about: The accounts whose MRR may be another than before: by a change, its time, its rate, or what the account is.
with changed as (
    select account_key
    from subscription_changes
    where
        import_id > $since
        or (effective_at > $before and effective_at <= $as_of)
        or currency in (select currency from fx_rates where import_id > $since)
)
select coalesce(merged.into_key, changed.account_key) as account_key
from changed
left join merged on merged.account_key = changed.account_key
union
select account_key from account_change where is_counted_otherwise
