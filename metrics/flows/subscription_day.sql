-- about: What a subscription is worth at the end of each local day on which it changed.
with converted as (
    select
        subscription_change.account_key,
        subscription_change.subscription_id,
        subscription_change.day,
        subscription_change.nth,
        case
            when subscription_change.status not in ('active', 'past_due') then 0
            when subscription_change.is_base then subscription_change.mrr
            else cast(cast(subscription_change.mrr as decimal(19, 4)) * fx_day.rate as decimal(18, 4))
        end as mrr,
    from subscription_change
    left join fx_day on fx_day.currency = subscription_change.currency and fx_day.day = subscription_change.day
    where subscription_change.is_base or fx_day.rate is not null
),
ranked as (
    select
        converted.account_key,
        converted.subscription_id,
        converted.day,
        converted.mrr,
        row_number() over (
            partition by converted.account_key, converted.subscription_id, converted.day
            order by converted.nth desc
        ) as from_last,
    from converted
)
select
    ranked.account_key,
    ranked.subscription_id,
    ranked.day,
    cast(ranked.mrr as decimal(18, 4)) as mrr,
from ranked
where ranked.from_last = 1
