-- about: The changes of subscriptions seen at as_of, of the accounts in question, with their local day and order.
with seen as (
    select
        subscription_changes.*,
        coalesce(merged.into_key, subscription_changes.account_key) as owner_key,
    from subscription_changes
    left join merged on merged.account_key = subscription_changes.account_key
    semi join paying_scope
        on paying_scope.account_key = coalesce(merged.into_key, subscription_changes.account_key)
    where subscription_changes.effective_at <= $as_of
)
select
    seen.owner_key as account_key,
    seen.subscription_id,
    seen.effective_at,
    local_date(seen.effective_at) as day,
    row_number() over (
        partition by seen.owner_key, seen.subscription_id
        order by seen.effective_at, seen.ends_span desc, seen.seq
    ) as nth,
    seen.status,
    seen.mrr,
    seen.plan,
    coalesce(days_between(seen.effective_at, seen.renews_at) >= 300, false) as is_yearly,
    coalesce(nullif(seen.currency, ''), $base_currency) as currency,
    coalesce(nullif(seen.currency, ''), $base_currency) = $base_currency as is_base,
from seen
join account on account.account_key = seen.owner_key
