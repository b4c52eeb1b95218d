-- about: The subscriptions in force just before: plan, seats, past due, and how far the renewal of a long one is.
-- caveat: Where the renewal that was told has passed, the next one is that many of its periods later.
with standing as (
    select
        w.account_key,
        w.day,
        w.instant,
        s.subscription_id,
        s.mrr,
        s.status,
        s.quantity,
        s.plan,
        coalesce(
            s.renews_at,
            case when regexp_matches(lower(s.plan), 'annual|year') then s.effective_at + interval 365 day end
        ) as renews_at,
        greatest(
            date_diff(
                'day',
                s.effective_at,
                coalesce(
                    s.renews_at,
                    case
                        when regexp_matches(lower(s.plan), 'annual|year') then s.effective_at + interval 365 day
                    end
                )
            ),
            1
        ) as period,
    from risk_wanted as w
    join risk_state as s
        on s.account_key = w.account_key
        and s.effective_at < w.instant
        and (s.until_at is null or s.until_at >= w.instant)
    where s.status in ('active', 'past_due')
),
renewal as (
    select
        *,
        case
            when period <= 45 then null
            when renews_at >= instant then date_diff('day', instant, renews_at)
            else period - (date_diff('day', renews_at, instant) % period)
        end as days_to_renewal,
    from standing
)
select
    account_key,
    day,
    arg_max(coalesce(plan, '(none)'), row(mrr, subscription_id)) as plan,
    count(*) as subscriptions,
    cast(sum(quantity) as double) as seats,
    cast(max(case when status = 'past_due' then 1 else 0 end) as integer) as past_due,
    min(days_to_renewal) as days_to_renewal,
from renewal
group by account_key, day
