-- about: The last hundred things that happened: sign-ups, changes of MRR, failed payments.
with moved as (
    select
        mrr_change.account_key,
        mrr_change.day,
        mrr_change.delta,
        case mrr_change.movement
            when 'new' then 'became_customer'
            when 'reactivation' then 'reactivated'
            when 'expansion' then 'upgraded'
            when 'contraction' then 'downgraded'
            else 'churned'
        end as kind,
    from mrr_change
    order by mrr_change.day desc, mrr_change.account_key
    limit 1000
),
movement as (
    select
        max(subscription_change.effective_at) as at,
        moved.kind,
        moved.account_key,
        moved.delta as amount,
        arg_max(subscription_change.plan, (subscription_change.effective_at, subscription_change.nth)) as detail,
    from moved
    join subscription_change
        on subscription_change.account_key = moved.account_key and subscription_change.day = moved.day
    group by moved.account_key, moved.day, moved.kind, moved.delta
),
signed_up as (
    select
        created_at as at,
        'signed_up' as kind,
        account_key,
        cast(null as decimal(18, 4)) as amount,
        channel as detail,
    from account
    order by created_at desc, account_key
    limit 100
),
payment_failed as (
    select
        payments.attempted_at as at,
        'payment_failed' as kind,
        payments.account_key,
        payments.amount,
        payments.decline_code as detail,
    from payments
    where payments.outcome = 'failed' and payments.attempted_at <= $as_of
    order by payments.attempted_at desc, payments.payment_id
    limit 1000
),
happened as (
    from movement union all by name from signed_up union all by name from payment_failed
)
select
    happened.at,
    happened.kind,
    account.account_id,
    account.name,
    cast(happened.amount as decimal(18, 4)) as amount,
    happened.detail,
from happened
join account on account.account_key = happened.account_key
order by all desc
limit 100
