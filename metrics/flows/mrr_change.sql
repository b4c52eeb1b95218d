-- about: The days on which an account's MRR at the end of the day differs from the day before.
with subscription_delta as (
    select
        subscription_day.account_key,
        subscription_day.day,
        subscription_day.mrr - coalesce(
            lag(subscription_day.mrr) over (
                partition by subscription_day.account_key, subscription_day.subscription_id
                order by subscription_day.day
            ),
            0
        ) as delta,
    from subscription_day
),
account_delta as (
    select
        subscription_delta.account_key,
        subscription_delta.day,
        cast(sum(subscription_delta.delta) as decimal(18, 4)) as delta,
    from subscription_delta
    group by subscription_delta.account_key, subscription_delta.day
    having cast(sum(subscription_delta.delta) as decimal(18, 4)) <> 0
),
running as (
    select
        account_delta.account_key,
        account_delta.day,
        account_delta.delta,
        cast(
            sum(account_delta.delta) over (
                partition by account_delta.account_key
                order by account_delta.day
                rows between unbounded preceding and current row
            ) as decimal(18, 4)
        ) as mrr_after,
    from account_delta
),
yearly_day as (
    select distinct
        subscription_change.account_key,
        subscription_change.day,
    from subscription_change
    where subscription_change.is_yearly and subscription_change.status in ('active', 'past_due')
),
changed as (
    select
        running.account_key,
        running.day,
        running.delta,
        cast(running.mrr_after - running.delta as decimal(18, 4)) as mrr_before,
        running.mrr_after,
        max(running.mrr_after) over (
            partition by running.account_key
            order by running.day
            rows between unbounded preceding and 1 preceding
        ) as highest_before,
        max(case when running.mrr_after > 0 and running.mrr_after <= running.delta then running.day end) over (
            partition by running.account_key
            order by running.day
            rows between unbounded preceding and current row
        ) as paying_from,
    from running
)
select
    changed.account_key,
    account.weight,
    account.profile_key,
    account.created_day,
    changed.day,
    changed.delta,
    changed.mrr_before,
    changed.mrr_after,
    case
        when changed.mrr_before = 0 and changed.mrr_after > 0 and coalesce(changed.highest_before, 0) > 0
            then 'reactivation'
        when changed.mrr_before = 0 and changed.mrr_after > 0 then 'new'
        when changed.mrr_before > 0 and changed.mrr_after = 0 then 'churned'
        when changed.delta > 0 then 'expansion'
        else 'contraction'
    end as movement,
    first_value(changed.mrr_before) over (
        partition by changed.account_key, week_of(changed.day)
        order by changed.day
    ) as week_opening,
    first_value(changed.mrr_before) over (
        partition by changed.account_key, month_of(changed.day)
        order by changed.day
    ) as month_opening,
    changed.paying_from,
    yearly_day.day is not null as is_yearly,
from changed
join account on account.account_key = changed.account_key
left join yearly_day on yearly_day.account_key = changed.account_key and yearly_day.day = changed.paying_from
