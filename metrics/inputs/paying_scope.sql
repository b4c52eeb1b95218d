-- about: The accounts whose MRR may be another than before: by a change, its time, its rate, or what the account is.
-- caveat: Of those that are counted otherwise only who has, or had, a subscription.
with changed as (
    select account_key
    from subscription_changes
    where
        import_id > $since
        or (effective_at > $before and effective_at <= $as_of)
        or currency in (select currency from fx_rates where import_id > $since)
),
counted_otherwise as (
    select account_key from account_change where is_counted_otherwise
),
subscribed as (
    select coalesce(merged.into_key, subscription_changes.account_key) as account_key
    from subscription_changes
    left join merged on merged.account_key = subscription_changes.account_key
    union all
    select account_key from kept_subscription_day
)
select coalesce(merged.into_key, changed.account_key) as account_key
from changed
left join merged on merged.account_key = changed.account_key
union
select account_key from counted_otherwise semi join subscribed using (account_key)
