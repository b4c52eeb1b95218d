-- about: The last hundred things that happened: sign-ups, changes of MRR, failed payments.
with moved as (
    select
        kept_mrr_change.account_key,
        kept_mrr_change.day,
        kept_mrr_change.delta,
        case kept_mrr_change.movement
            when 'new' then 'became_customer'
            when 'reactivation' then 'reactivated'
            when 'expansion' then 'upgraded'
            when 'contraction' then 'downgraded'
            else 'churned'
        end as kind,
    from kept_mrr_change
    order by kept_mrr_change.day desc, kept_mrr_change.account_key
    limit 1000
),
movement as (
    select
        max(subscription_changes.effective_at) as at,
        moved.kind,
        moved.account_key,
        moved.delta as amount,
        arg_max(
            subscription_changes.plan,
            (subscription_changes.effective_at, not subscription_changes.ends_span, subscription_changes.seq)
        ) as detail,
    from subscription_changes
    left join merged on merged.account_key = subscription_changes.account_key
    join moved
        on moved.account_key = coalesce(merged.into_key, subscription_changes.account_key)
        and moved.day = local_date(subscription_changes.effective_at)
    where subscription_changes.effective_at <= $as_of
    group by moved.account_key, moved.day, moved.kind, moved.delta
),
signed_up as (
    select
        created_at as at,
        'signed_up' as kind,
        account_key,
        cast(null as decimal(18, 4)) as amount,
        channel as detail,
    from kept_account
    order by created_at desc, account_key
    limit 100
),
payment_failed as (
    select
        payments.attempted_at as at,
        'payment_failed' as kind,
        coalesce(merged.into_key, payments.account_key) as account_key,
        payments.amount,
        payments.decline_code as detail,
    from payments
    left join merged on merged.account_key = payments.account_key
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
join kept_account as account on account.account_key = happened.account_key
order by all desc
limit 100
