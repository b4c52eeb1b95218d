-- about: What was done in the 90 days before: recency, active days, their trend, and sums in which recent days weigh most.
-- caveat: Sums are of whole numbers, so that they are the same whatever the order.
select
    w.account_key,
    w.day,
    min(date_diff('day', d.day, w.day)) as days_since_active,
    count(*) filter (d.day >= w.day - 7) as active_7,
    count(*) filter (d.day >= w.day - 28) as active_28,
    count(*) as active_90,
    count(*) filter (d.day < w.day - 28 and d.day >= w.day - 56) as active_before,
    cast(sum(d.events) filter (d.day >= w.day - 7) as bigint) as events_7,
    cast(sum(d.events) filter (d.day >= w.day - 28) as bigint) as events_28,
    cast(sum(d.events) as bigint) as events_90,
    cast(sum(d.events) filter (d.day < w.day - 28 and d.day >= w.day - 56) as bigint) as events_before,
    cast(sum(cast(round(1048576 * power(2, -date_diff('day', d.day, w.day) / 7.0)) as bigint)) as bigint)
        as recent_active,
    cast(
        sum(least(d.events, 100000) * cast(round(1048576 * power(2, -date_diff('day', d.day, w.day) / 14.0)) as bigint))
        as bigint
    ) as recent_events,
    cast(sum(d.value_events) filter (d.day >= w.day - 28) as bigint) as value_28,
    bit_count(bit_or(d.name_mask) filter (d.day >= w.day - 28)) as breadth_28,
    bit_count(bit_or(d.user_mask) filter (d.day >= w.day - 28)) as users_28,
from risk_wanted as w
join risk_usage_day as d
    on d.account_key = w.account_key and d.day < w.day and d.day >= w.day - 90
group by w.account_key, w.day
