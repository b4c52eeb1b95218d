-- about: The changes of subscriptions seen at as_of, with their local day and order.
select
    subscription_changes.account_key,
    subscription_changes.subscription_id,
    subscription_changes.effective_at,
    local_date(subscription_changes.effective_at) as day,
    row_number() over (
        partition by subscription_changes.account_key, subscription_changes.subscription_id
        order by subscription_changes.effective_at, subscription_changes.ends_span desc, subscription_changes.seq
    ) as nth,
    subscription_changes.status,
    subscription_changes.mrr,
    subscription_changes.plan,
    coalesce(nullif(subscription_changes.currency, ''), $base_currency) as currency,
    coalesce(nullif(subscription_changes.currency, ''), $base_currency) = $base_currency as is_base,
from subscription_changes
join account on account.account_key = subscription_changes.account_key
where subscription_changes.effective_at <= $as_of
